"""What MLflow is told of trainings and results, and how it serves models; its only importer."""

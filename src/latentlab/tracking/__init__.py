"""What MLflow is told: one live run for each training, one summary row for each result of the pipeline.

The only importer of MLflow, and only where something is to be told: its import takes seconds.
"""

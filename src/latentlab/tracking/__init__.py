"""What MLflow is told of each training, live or from the stage's outputs.

The only importer of MLflow, and only where something is to be told: its import takes seconds.
"""

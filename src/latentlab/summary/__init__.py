"""One row in MLflow for each result of the pipeline, made from the outputs of its stages alone."""

"""One page on a result, in one file: the pipeline's outputs in, HTML out; no models, no network."""

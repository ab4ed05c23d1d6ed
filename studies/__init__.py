"""Many runs of the pipeline: seeds, sweeps, comparisons."""

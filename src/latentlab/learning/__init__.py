"""How networks learn: layers, batches, steps, the loop, checkpoints; all that decides weights."""

"""What a set of images is worth: features, metrics, and verdicts in words; names no family."""

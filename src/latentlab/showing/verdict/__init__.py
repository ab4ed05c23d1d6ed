"""What the scores mean, in words: rules that look for known troubles; no models, no files."""

"""Arrays in, matplotlib figures out; no models, no files, no global state of pyplot."""

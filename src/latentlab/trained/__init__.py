"""Trained networks: their files, what they make of arrays, and other runtimes."""

"""Scores of generated images: NumPy arrays in, numbers out."""

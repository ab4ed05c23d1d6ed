"""Families of models, a folder each, and what they share."""

"""Probabilistic principal component analysis (Tipping and Bishop 1999): the linear baseline."""

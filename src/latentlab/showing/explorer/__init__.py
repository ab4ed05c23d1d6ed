"""The page that a reader explores latent space with: arrays in, one file of HTML out; no models."""

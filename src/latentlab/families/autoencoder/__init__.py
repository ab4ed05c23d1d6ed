"""The plain autoencoder."""

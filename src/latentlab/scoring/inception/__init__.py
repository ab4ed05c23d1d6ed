"""The network of the classic Frechet Inception distance, in weights that the user brings."""

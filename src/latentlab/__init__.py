"""Train, understand and compare generative models of images."""

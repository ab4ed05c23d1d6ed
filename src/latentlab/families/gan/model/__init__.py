"""The generative adversarial network (Goodfellow et al. 2014) of the lecture."""

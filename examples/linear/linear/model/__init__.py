"""The model in closed form, and its networks: all that decides weights."""

"""The command ``latentlab``, with which a user does things with trained models: one file a command."""

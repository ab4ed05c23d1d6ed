"""What is scored, one file a model: its files in; scores of its own, ways to draw images, and arrays out."""

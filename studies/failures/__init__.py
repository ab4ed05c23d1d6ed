"""Whether verdicts find failures that are known: sets of images with one trouble each."""

"""From a source of images to labelled splits: one file for each kind of source, plain uint8 arrays out."""

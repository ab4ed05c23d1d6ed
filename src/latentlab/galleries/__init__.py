"""What is drawn, one file a part of the story: files of earlier stages in, figures by name out."""

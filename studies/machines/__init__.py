"""One training on several machines of a Ray cluster: what each of them runs, and who starts them all."""

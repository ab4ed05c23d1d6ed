"""Many settings, each run as a DVC experiment: what is varied, what is tried next, and one summary of all."""

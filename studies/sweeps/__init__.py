"""Many settings, each run as a queued DVC experiment: what is varied, the queue, and one summary of all."""

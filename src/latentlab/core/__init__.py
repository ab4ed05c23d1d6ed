"""What every stage stands on: files, settings, digests, provenance, a process's frame; knows nobody."""

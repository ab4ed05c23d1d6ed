"""One setting with several training seeds: runs, their mean and spread, and two settings side by side."""

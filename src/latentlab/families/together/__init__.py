"""Several families beside each other: their figures, their chapter of the report and their explorer."""

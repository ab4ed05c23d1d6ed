"""Whether scores can be believed on the images at hand: a ladder of degraded real ones says so."""

"""Measurements: a file a comparison, both sides in one run. Figures go to docs/results.md."""

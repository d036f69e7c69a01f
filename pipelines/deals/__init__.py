"""Opportunities on their way through a pipeline: moving, staleness, totals."""

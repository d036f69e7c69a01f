"""Engagement scores: rules that staff configure, points given once, fading, every step explained."""

"""Pipelines with their stages and opportunities; maps with their tracks and steps, and journeys through them."""

"""Pipelines with their stages and opportunities; maps with their tracks and steps, and journeys through them."""

from pipelines.models.journey import Journey, JourneyStep, JourneyTimer, JourneyTrack, LoopStop
from pipelines.models.map import Map, Step, Track, Video

__all__ = ["Journey", "JourneyStep", "JourneyTimer", "JourneyTrack", "LoopStop", "Map", "Step", "Track", "Video"]

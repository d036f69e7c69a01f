"""Pipelines with their stages and opportunities; maps with their tracks and steps, and journeys through them."""

from pipelines.models.journey import Journey, JourneyStep, JourneyTimer, JourneyTrack, LoopStop
from pipelines.models.map import Map, Step, Track, Video
from pipelines.models.opportunity import ActivityDue, Opportunity
from pipelines.models.pipeline import LostReason, Pipeline, Stage

__all__ = [
    "ActivityDue", "Journey", "JourneyStep", "JourneyTimer", "JourneyTrack", "LoopStop", "LostReason", "Map",
    "Opportunity", "Pipeline", "Stage", "Step", "Track", "Video",
]  # fmt: skip

"""Pipelines with their stages and opportunities; maps with their tracks and steps, and journeys through them."""

from pipelines.models.opportunity import ActivityDue, Opportunity
from pipelines.models.pipeline import LostReason, Pipeline, Stage

__all__ = ["ActivityDue", "LostReason", "Opportunity", "Pipeline", "Stage"]

"""What conditions and messages may ask about opportunities and journeys."""

from pipelines.deals.facts import OpportunityFacts
from pipelines.maps.facts import JourneyFacts

__all__ = ["JourneyFacts", "OpportunityFacts"]

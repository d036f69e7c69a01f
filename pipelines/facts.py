"""What conditions and messages may ask about what pipelines hold."""

from pipelines.deals.facts import OpportunityFacts

__all__ = ["OpportunityFacts"]

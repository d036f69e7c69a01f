"""A new opportunity was stored."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from pipelines.deals.telling import DealOptions, Told, every, narrow, texts_of
from triggers.event_types import Created, Row, event


@event("opportunity.created", label=_("Opportunity created"), section="Opportunity Triggers")
class OpportunityCreated(Told, Created, model="pipelines.Opportunity"):
    """A new opportunity was stored, by hand, workflow or integration. It tells no change of the same deal besides."""

    Options = DealOptions

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return texts_of(rows)

    @classmethod
    def narrow(cls, options: DealOptions) -> dict[str, Any] | None:
        return every(narrow(options))

"""What opportunities keep about people: how it is told to them, and how it is forgotten.

Of a forgotten person's deals the figures stay: what was worth how much, won or lost, in which stage.
"""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from pipelines.models import Opportunity
from triggers import holdings, privacy
from triggers.privacy import Blank, Holding, Person

TOLD: Final = (
    "name", "pipeline", "stage", "status", "value", "currency", "owner", "source", "expected_close", "lost_reason",
    "custom_fields", "created_at", "updated_at", "closed_at",
)  # fmt: skip


def register() -> None:
    privacy.closers["opportunities"] = abandon
    privacy.register(
        Holding(
            "opportunities", "pipelines.Opportunity", _deals, Blank({"name": "", "source": "", "custom_fields": {}}),
            told=TOLD, label=_("opportunities"),
        ),
        Holding(
            "history of opportunities", "admin.LogEntry",
            lambda who: holdings.log_of(Opportunity, _deals(who).values_list("pk", flat=True)),
            Blank({"object_repr": "", "change_message": ""}), turn=privacy.BEFORE,
        ),
    )  # fmt: skip


def abandon(who: Person, now: datetime) -> None:
    """Nobody works on the person's open deals any more. No event tells of it."""
    still_open = _deals(who).filter(status=Opportunity.Status.OPEN)
    still_open.update_untold(status=Opportunity.Status.ABANDONED, closed_at=now)


def _deals(who: Person) -> Any:
    return Opportunity.objects.filter(contact__in=who.ids)

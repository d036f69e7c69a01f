"""A mail was opened."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.mail_events import ActivityOptions, OfMail, people
from triggers.event_types import event


@event("email.opened", label=_("Email opened"), section="Event Triggers")
class EmailOpened(OfMail):
    """A mail's pictures were loaded: somebody opened it, or a program did (`machine`). `first`: by a person, at last."""

    Options = ActivityOptions

    first: bool = False
    machine: bool = False
    user_agent: str = ""

    @classmethod
    def leaves(cls, options: Any) -> list[dict[str, Any]]:
        return super().leaves(options) + people(options)

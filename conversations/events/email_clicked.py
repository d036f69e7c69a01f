"""A link in a mail was clicked."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from conversations.mail_events import ActivityOptions, OfMail, any_phrase, people
from triggers.event_types import event


class ClickOptions(ActivityOptions):
    """Which link; none named means any."""

    links: list[str] = Field(default=[], title="The link contains one of these")


@event("email.clicked", label=_("Email clicked"), section="Event Triggers")
class EmailClicked(OfMail):
    """A link in a mail was followed, by a person or a program (`machine`). `first`: a person's first in this mail."""

    Options = ClickOptions

    url: str = ""
    first: bool = False
    machine: bool = False
    user_agent: str = ""

    @classmethod
    def leaves(cls, options: Any) -> list[dict[str, Any]]:
        return super().leaves(options) + people(options) + any_phrase("event.url", "contains", options.links)

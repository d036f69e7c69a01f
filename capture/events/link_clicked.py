"""A contact followed one of our trigger links."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from capture.keys import LinkNumber
from capture.narrowing import together
from triggers.event_types import Happened, Options, event


class Which(Options):
    """Which trigger links start it; none named means any."""

    links: list[LinkNumber] = Field(
        default=[], title="Which trigger link", json_schema_extra={"source": "trigger link"}
    )


@event("link.clicked", label=_("Trigger link clicked"), section="Event Triggers")
class LinkClicked(Happened):
    """A contact followed a trigger link that was made for them, each time. Scanners of mails and programs that look
    ahead do not count; neither does the same click twice within ten seconds.

    `target_url` is where the link led at that moment.
    """

    Options = Which

    link_id: int
    link: str
    contact_id: int
    target_url: str
    clicked_at: datetime

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return together(("link_id", "is_any_of", options.links))

    def subject(self) -> tuple[str, int | None]:
        return "capture.triggerlink", self.link_id

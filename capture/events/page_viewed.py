"""A known contact looked at a page of one of our websites."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from capture.narrowing import OnSites
from triggers.event_types import Happened, event
from triggers.narrowing import together


class Which(OnSites):
    """Which websites, pages and campaigns start it; what is left empty matters not."""

    utm_source: str = Field(default="", max_length=120, title="Campaign source")
    utm_medium: str = Field(default="", max_length=120, title="Campaign medium")
    utm_campaign: str = Field(default="", max_length=120, title="Campaign name")
    utm_content: str = Field(default="", max_length=120, title="Campaign content")
    utm_term: str = Field(default="", max_length=120, title="Campaign term")


@event("page.viewed", label=_("Page viewed"), section="Event Triggers")
class PageViewed(Happened):
    """A contact whom a form or a trigger link made known looked at a page of a website with our script, each time.

    Visitors whom we do not know are counted and start nothing. `url` has no query; `utm` holds what of it names a
    campaign. A browser told this: it is a hint, no proof.
    """

    Options = Which
    telling: ClassVar[tuple[str, ...]] = ("path", "site")

    site_id: int
    site: str
    contact_id: int
    url: str
    path: str
    title: str
    referrer: str
    utm: dict[str, str]
    view_id: str
    viewed_at: datetime

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        named = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
        campaign = ((f"utm.{name}", "is", getattr(options, name)) for name in named)
        return together(*options.place(), *campaign)

    def subject(self) -> tuple[str, int | None]:
        return "capture.site", self.site_id

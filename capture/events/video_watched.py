"""A known contact watched a share of a video on one of our websites."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from capture.narrowing import OnSites
from triggers.event_types import Happened, event
from triggers.narrowing import together

SHARES = (25, 50, 75, 95, 100)


class Which(OnSites):
    """Which websites, pages and videos start it, and from which share on."""

    video: str = Field(default="", max_length=200, title="Which video", description="Its name, as the website has it.")
    percent: int | None = Field(
        default=None, ge=1, le=100, title="Watched at least, in percent",
        description="Once per view, at the next of 25, 50, 75, 95 and 100. Left empty, at each of them.",
    )  # fmt: skip


@event("video.watched", label=_("Video watched"), section="Event Triggers")
class VideoWatched(Happened):
    """A known contact has watched 25, 50, 75, 95 or 100 percent of a video, each once per view of the page, at that
    moment. What was skipped does not count as watched.

    `completed` is true at 100 percent. `seconds` is how long was played. A browser told this: it is a hint, no proof.
    """

    Options = Which
    telling: ClassVar[tuple[str, ...]] = ("video", "percent")

    site_id: int
    site: str
    contact_id: int
    video: str
    percent: int
    seconds: int
    completed: bool
    page_url: str
    path: str
    view_id: str
    watched_at: datetime

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        share = next((each for each in SHARES if options.percent is not None and each >= options.percent), None)
        return together(*options.place(), ("video", "is", options.video), ("percent", "eq", share))

    def subject(self) -> tuple[str, int | None]:
        return "capture.site", self.site_id

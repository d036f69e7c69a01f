"""What options of our event types have in common, and the condition trees that they stand for."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop
from pydantic import Field

from capture.keys import SiteNumber
from triggers.event_types import Options

# Whether the consents of a form were ticked.
Terms = Annotated[
    Literal["agreed", "not_agreed"] | None,
    Field(
        title=gettext_noop("Terms and conditions"),
        json_schema_extra={"labels": {"agreed": gettext_noop("Agreed"), "not_agreed": gettext_noop("Not agreed")}},
    ),
]


class OnSites(Options):
    """Which websites and pages start it; what is left empty matters not."""

    sites: list[SiteNumber] = Field(default=[], title="Which website", json_schema_extra={"source": "site"})
    path: str = Field(
        default="", max_length=300, title="Path of the page",
        description="Such as /prices. With * at its end, every path that begins so.",
    )  # fmt: skip

    def place(self) -> list[tuple[str, str, Any]]:
        """The leaves of the website and the page, for `together`."""
        return [("site_id", "is_any_of", self.sites), path_leaf("path", self.path)]


def terms(chosen: str | None) -> bool | None:
    """Whether the terms must be agreed to or must not; None where it does not matter."""
    return chosen == "agreed" if chosen else None


def path_leaf(name: str, path: str) -> tuple[str, str, str]:
    """The leaf of a path as staff write it: with * at its end, whatever begins so."""
    return (name, "starts_with", path[:-1]) if path.endswith("*") else (name, "is", path)

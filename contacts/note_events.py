"""What the two note events share: which tags the contact has, or has not."""

from typing import Any

from django.utils.translation import gettext_noop
from pydantic import Field

from triggers.event_types import Options


class NoteOptions(Options):
    """Whose notes start it, by the tags the contact carries; none named means any contact."""

    tags: list[str] = Field(default=[], title=gettext_noop("Has one of these tags"))
    without_tags: list[str] = Field(default=[], title=gettext_noop("Has none of these tags"))


def narrow(options: NoteOptions) -> dict[str, Any] | None:
    """The condition that the named tags stand for."""
    found: list[dict[str, Any]] = []
    if options.tags:
        found.append({"field": "contact.tags", "op": "has_any", "value": options.tags})
    if options.without_tags:
        found.append({"field": "contact.tags", "op": "has_none", "value": options.without_tags})
    return {"all": found} if len(found) == 2 else found[0] if found else None

"""What the two tag events share: which tags a trigger asks for, and the names of the tags that moved."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from contacts.models import Tag
from triggers.event_types import Options, Row


class TagOptions(Options):
    """Which tags start it; none named means any."""

    tags: list[str] = Field(default=[], title="Which tag")


def narrow(options: TagOptions) -> dict[str, Any] | None:
    """The condition that the named tags stand for."""
    return {"field": "event.tag", "op": "is_any_of", "value": options.tags} if options.tags else None


def names_of(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """The tag's name for each tagging, in one query."""
    names = dict(Tag.objects.filter(pk__in={row.after["tag_id"] for row in rows}).values_list("pk", "name"))
    return {row.pk: {"tag": names.get(row.after["tag_id"], "")} for row in rows}

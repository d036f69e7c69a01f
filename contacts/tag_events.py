"""What the two tag events share: which tags a trigger asks for, and the names of the tags that moved."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import Field

from contacts.models import Tagging
from triggers.event_types import Options, Row

CHUNK = 5000


class TagOptions(Options):
    """Which tags start it; none named means any."""

    tags: list[str] = Field(default=[], title=gettext_noop("Which tag"))


def narrow(options: TagOptions) -> dict[str, Any] | None:
    """The condition that the named tags stand for."""
    return {"field": "event.tag", "op": "is_any_of", "value": options.tags} if options.tags else None


def added(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """For each new tagging the tag's name, and the contact's tags before and after; rows count in their order."""
    worn, gone = _worn(rows), _moved(rows)
    told = {}
    for row in rows:
        contact, tag = row.after["contact_id"], row.after["tag_id"]
        # What comes later in the same statement is not there yet.
        gone[contact].discard(tag)
        after = {pk: name for pk, name in worn[contact].items() if pk not in gone[contact]}
        told[row.pk] = _told(tag, {pk: name for pk, name in after.items() if pk != tag}, after)
    return told


def removed(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """The same for each tagging that is about to go."""
    worn = _worn(rows)
    told = {}
    for row in rows:
        contact, tag = row.after["contact_id"], row.after["tag_id"]
        before = dict(worn[contact])
        worn[contact].pop(tag, None)
        told[row.pk] = _told(tag, before, worn[contact])
    return told


def _told(tag: int, before: dict[int, str], after: dict[int, str]) -> dict[str, Any]:
    name = (before | after).get(tag, "")
    return {"tag": name, "tags_before": _sorted(before), "tags_after": _sorted(after)}


def _sorted(tags: dict[int, str]) -> list[str]:
    return sorted(tags.values(), key=str.casefold)


def _moved(rows: Sequence[Row]) -> dict[int, set[int]]:
    moved: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        moved[row.after["contact_id"]].add(row.after["tag_id"])
    return moved


def _worn(rows: Sequence[Row]) -> dict[int, dict[int, str]]:
    """The tags that the rows' contacts have now, by number and name."""
    contacts = list({row.after["contact_id"] for row in rows})
    worn: dict[int, dict[int, str]] = defaultdict(dict)
    for start in range(0, len(contacts), CHUNK):
        those = Tagging.objects.filter(contact__in=contacts[start : start + CHUNK])
        for contact, tag, name in those.values_list("contact_id", "tag_id", "tag__name"):
            worn[contact][tag] = name
    return worn

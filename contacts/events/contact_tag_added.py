"""A tag was newly put on a contact."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.tag_events import TagOptions, added, narrow
from triggers.event_types import Created, Row, event


@event("contact.tag_added", label=_("Tag added"), section="Contact Events")
class ContactTagAdded(Created, model="contacts.Tagging"):
    """A tag was newly put on a contact, by hand, workflow, integration or import."""

    Options = TagOptions

    contact_id: int
    tag_id: int
    tag: str
    tags_before: list[str] = []
    tags_after: list[str] = []

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return added(rows)

    @classmethod
    def narrow(cls, options: TagOptions) -> dict[str, Any] | None:
        return narrow(options)

    @classmethod
    def standing(cls, options: TagOptions) -> dict[str, Any] | None:
        return {"field": "contact.tags", "op": "has_any", "value": options.tags} if options.tags else None

"""A tag was taken off a contact."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.tag_events import TagOptions, narrow, removed
from triggers.event_types import Deleted, Row, event


@event("contact.tag_removed", label=_("Tag removed"), section="Contact Events")
class ContactTagRemoved(Deleted, model="contacts.Tagging"):
    """A tag was taken off a contact by hand or by a workflow, or the tag itself was deleted."""

    Options = TagOptions

    contact_id: int
    tag_id: int
    tag: str
    tags_before: list[str] = []
    tags_after: list[str] = []

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return removed(rows)

    @classmethod
    def narrow(cls, options: TagOptions) -> dict[str, Any] | None:
        return narrow(options)

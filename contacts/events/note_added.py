"""A note was written on a contact."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.note_events import NoteOptions, narrow
from triggers.event_types import Created, event


@event("note.added", label=_("Note added"), section="Contact Events")
class NoteAdded(Created, model="contacts.Note"):
    """A note was written on a contact."""

    Options = NoteOptions

    note_id: int
    contact_id: int
    body: str
    author_id: int | None = None

    @classmethod
    def narrow(cls, options: NoteOptions) -> dict[str, Any] | None:
        return narrow(options)

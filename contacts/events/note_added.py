"""A note was written on a contact."""

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Created, event


@event("note.added", label=_("Note added"), section="Contact Events")
class NoteAdded(Created, model="contacts.Note"):
    """A note was written on a contact."""

    note_id: int
    contact_id: int
    body: str
    author_id: int | None = None

"""The text of a note was edited."""

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Changed, event


@event("note.changed", label=_("Note changed"), section="Contact Events")
class NoteChanged(Changed, model="contacts.Note", watch=("body",)):
    """The text of a note was edited. Deleting a note fires nothing."""

    note_id: int
    contact_id: int
    author_id: int | None = None
    body_before: str | None = None

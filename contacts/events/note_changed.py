"""The text of a note was edited."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.note_events import NoteOptions, narrow
from triggers.context import acting
from triggers.event_types import Changed, Row, event
from triggers.models.event import Event


@event("note.changed", label=_("Note changed"), section="Contact Events")
class NoteChanged(Changed, model="contacts.Note", watch=("body",)):
    """The text of a note was edited. Deleting a note fires nothing."""

    Options = NoteOptions

    note_id: int
    contact_id: int
    author_id: int | None = None
    editor_id: int | None = None
    body_before: str | None = None

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        who = acting()
        editor = int(who.actor_id) if who.actor == Event.Actor.USER and who.actor_id.isdigit() else None
        return {row.pk: {"editor_id": editor} for row in rows}

    @classmethod
    def narrow(cls, options: NoteOptions) -> dict[str, Any] | None:
        return narrow(options)

"""Writes a note on the contact."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.models import Note
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Outcome, Skip, action
from triggers.run_context import RunContext


@action(
    "note.create",
    label=gettext_lazy("Add note"),
    section="Contacts",
    may_cause=("note.added",),
    texts=("body",),
    needs=("contacts.add_note",),
)
class NoteCreate(Action):
    """Writes a note on the contact, with merge fields."""

    body: str = Field(min_length=1, max_length=20_000, title=gettext_noop("Note"))

    def run(self, ctx: RunContext) -> Outcome:
        body = ctx.render(self.body).strip()
        if not body:
            return Skip(_("The note would be empty."))
        note = Note.objects.create(contact=contact_of(ctx), body=body)
        return Done(_("Wrote a note."), {"note_id": note.pk})

    def preview(self, ctx: RunContext) -> str:
        body = ctx.render_line(self.body)
        if not body:
            return _("Writes nothing: the note would be empty.")
        return _("Writes the note “%(text)s”.") % {"text": Truncator(body).chars(120)}

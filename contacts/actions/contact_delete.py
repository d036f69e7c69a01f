"""Deletes the contact."""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_contact import contact_of
from triggers.action_types import Action, Outcome, Stop, action
from triggers.run_context import RunContext


@action(
    "contact.delete",
    label=gettext_lazy("Delete contact"),
    section="Contacts",
    may_cause=("contact.deleted", "contact.tag_removed"),
    needs=("contacts.delete_contact",),
)
class ContactDelete(Action):
    """Deletes the contact with its notes, tasks and tags, and ends the run. There is no way back.

    `confirm` has to be "delete", so that nobody adds this by a slip.
    """

    confirm: Literal["delete"] = Field(
        title=gettext_noop("Type delete"),
        json_schema_extra={"labels": {"delete": gettext_noop("Delete the contact for good")}},
    )

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        name = str(contact)
        contact.delete()
        return Stop(_("Deleted %(name)s.") % {"name": name})

    def preview(self, ctx: RunContext) -> str:
        return _("Deletes %(name)s, with all notes and tasks, and ends the run.") % {"name": contact_of(ctx)}

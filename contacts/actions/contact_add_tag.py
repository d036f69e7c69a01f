"""Puts tags on the contact."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from contacts import services
from contacts.run_contact import contact_of, refusal, tag_names
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext
from triggers.wording.words import shown


@action(
    "contact.add_tag",
    label=gettext_lazy("Add tag"),
    section="Contacts",
    may_cause=("contact.tag_added",),
    texts=("tags",),
)
class ContactAddTag(Action):
    """Puts one or more tags on the contact; a tag that does not exist is made. One that is there is left alone."""

    tags: list[str] = Field(min_length=1, max_length=50)

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        try:
            added = services.add_tags(contact, tag_names(ctx, self.tags))
        except ValidationError as error:
            return Fail(refusal(error))
        if not added:
            return Done(_("Every tag was there already."), {"added": []})
        return Done(_("Added %(tags)s.") % {"tags": shown(added)}, {"added": added})

    def preview(self, ctx: RunContext) -> str:
        try:
            names = tag_names(ctx, self.tags)
        except ValidationError as error:
            return refusal(error)
        if not names:
            return _("Adds nothing: no tag has a name.")
        return _("Adds %(tags)s.") % {"tags": shown(names)}

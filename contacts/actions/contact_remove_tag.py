"""Takes tags off the contact."""

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
    "contact.remove_tag",
    label=gettext_lazy("Remove tag"),
    section="Contacts",
    may_cause=("contact.tag_removed",),
    texts=("tags",),
)
class ContactRemoveTag(Action):
    """Takes one or more tags off the contact; those that are not there are passed over."""

    tags: list[str] = Field(min_length=1, max_length=50)

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        try:
            removed = services.remove_tags(contact, tag_names(ctx, self.tags))
        except ValidationError as error:
            return Fail(refusal(error))
        if not removed:
            return Done(_("None of the tags was there."), {"removed": []})
        return Done(_("Removed %(tags)s.") % {"tags": shown(removed)}, {"removed": removed})

    def preview(self, ctx: RunContext) -> str:
        try:
            names = tag_names(ctx, self.tags)
        except ValidationError as error:
            return refusal(error)
        if not names:
            return _("Removes nothing: no tag has a name.")
        return _("Removes %(tags)s.") % {"tags": shown(names)}

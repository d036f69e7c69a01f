"""Puts tags on the contact."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contacts import services
from contacts.models import Contact
from contacts.tag_actions import TagAction
from triggers.action_types import action


@action(
    "contact.add_tag",
    label=_("Add tag"),
    section="Contacts",
    may_cause=("contact.tag_added",),
    texts=("tags",),
    needs=("contacts.change_contact",),
)
class ContactAddTag(TagAction):
    """Puts one or more tags on the contact; a tag that does not exist is made. One that is there is left alone."""

    does = _("Adds %(tags)s.")
    does_nothing = _("Adds nothing: no tag has a name.")
    did = _("Added %(tags)s.")
    did_nothing = _("Every tag was there already.")
    result = "added"

    @staticmethod
    def move(contact: Contact, names: Sequence[str]) -> list[str]:
        return services.add_tags(contact, names)

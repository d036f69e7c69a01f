"""Takes tags off the contact."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from contacts import services
from contacts.models import Contact
from contacts.tag_actions import TagAction
from triggers.action_types import action


@action(
    "contact.remove_tag",
    label=_("Remove tag"),
    section="Contacts",
    may_cause=("contact.tag_removed",),
    texts=("tags",),
    needs=("contacts.change_contact",),
)
class ContactRemoveTag(TagAction):
    """Takes one or more tags off the contact; those that are not there are passed over."""

    does = _("Removes %(tags)s.")
    does_nothing = _("Removes nothing: no tag has a name.")
    did = _("Removed %(tags)s.")
    did_nothing = _("None of the tags was there.")
    result = "removed"

    @staticmethod
    def move(contact: Contact, names: Sequence[str]) -> list[str]:
        return services.remove_tags(contact, names)

"""A contact was deleted."""

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Deleted, event


@event("contact.deleted", label=_("Contact deleted"), section="Contact Events", subject_remains=False)
class ContactDeleted(Deleted, model="contacts.Contact"):
    """A contact was deleted. What it was called is told with the event; nothing else of it is left."""

    contact_id: int
    first_name: str
    last_name: str
    email: str
    phone: str

"""A new contact was stored: by hand, form, API, import or integration."""

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Created, event


@event("contact.created", label=_("Contact created"), section="Contact Events")
class ContactCreated(Created, model="contacts.Contact"):
    """A new contact was stored. A contact that was found instead of made does not fire."""

    contact_id: int
    first_name: str
    last_name: str
    email: str
    phone: str
    country: str
    source: str
    owner_id: int | None = None

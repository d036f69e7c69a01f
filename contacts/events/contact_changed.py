"""A field of a contact got another value."""

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Changed, event

WATCHED = (
    "first_name", "last_name", "email", "phone", "company", "job_title", "website", "street", "city", "state",
    "postal_code", "country", "time_zone", "language", "birth_date", "source", "external_id", "owner",
    "lead_status", "channel", "dnd", "score", "custom_fields",
)  # fmt: skip


@event("contact.changed", label=_("Contact changed"), section="Contact Events")
class ContactChanged(Changed, model="contacts.Contact", watch=WATCHED):
    """A field of a contact got another value; each changed field is told with its old and new value."""

    contact_id: int

"""A field of a contact got another value."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.custom import definitions
from contacts.custom.values import PREFIX
from triggers.conditions.fields import Field
from triggers.event_types import Changed, Row, event

WATCHED = (
    "first_name", "last_name", "email", "phone", "company", "job_title", "website", "street", "city", "state",
    "postal_code", "country", "time_zone", "language", "birth_date", "yearless_birthday", "source", "external_id", "owner",
    "lead_status", "channel", "dnd", "score", "custom_fields",
)  # fmt: skip


@event("contact.changed", label=_("Contact changed"), section="Contact Events")
class ContactChanged(Changed, model="contacts.Contact", watch=WATCHED):
    """A field of a contact got another value; each changed field is told with its old and new value.

    A custom field is told by itself, as `custom_fields.<key>`.
    """

    contact_id: int

    @classmethod
    def changes(cls, row: Row) -> dict[str, dict[str, Any]]:
        told = super().changes(row)
        whole = told.pop(PREFIX, None)
        return told | definitions.changed(whole["old"], whole["new"]) if whole else told

    @classmethod
    def fields(cls) -> dict[str, Field]:
        return {name: field for name, field in super().fields().items() if name != PREFIX}

    @classmethod
    def own_fields(cls) -> dict[str, Field]:
        return {
            f"{PREFIX}.{name}": field
            for each in definitions.definitions().values()
            for name, field in each.fields(changes=True)
        }

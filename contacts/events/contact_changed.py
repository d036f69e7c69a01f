"""A field of a contact got another value."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator

from triggers.event_types import Changed, Options, event

WATCHED = (
    "first_name", "last_name", "email", "phone", "company", "job_title", "website", "street", "city", "state",
    "postal_code", "country", "time_zone", "language", "birth_date", "source", "external_id", "owner",
    "lead_status", "channel", "dnd", "score", "custom_fields",
)  # fmt: skip


class ChangedOptions(Options):
    """Which fields have to have changed, one of them or all at once; none named means any."""

    fields: list[str] = Field(default=[], title="Which fields changed")
    match: Literal["any", "all"] = Field(default="any", title="One of them, or all")

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: list[str]) -> list[str]:
        unknown = [name for name in fields if name not in WATCHED]
        if unknown:
            words = {"name": unknown[0], "names": ", ".join(WATCHED)}
            raise ValueError(_("“%(name)s” is no field whose changes are told. Choose from: %(names)s.") % words)
        return fields


@event("contact.changed", label=gettext_lazy("Contact changed"), section="Contact Events")
class ContactChanged(Changed, model="contacts.Contact", watch=WATCHED):
    """A field of a contact got another value; each changed field is told with its old and new value."""

    Options = ChangedOptions

    contact_id: int

    @classmethod
    def narrow(cls, options: ChangedOptions) -> dict[str, Any] | None:
        leaves = [{"field": f"event.{name}", "op": "changed"} for name in options.fields]
        return {options.match: leaves} if leaves else None

"""A field of a contact got another value."""

from typing import Any, Literal

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from contacts.custom import definitions
from contacts.custom.values import PREFIX
from triggers.conditions.fields import Field
from triggers.event_types import Changed, Options, Row, event

WATCHED = (
    "first_name", "last_name", "email", "phone", "company", "job_title", "website", "street", "city", "state",
    "postal_code", "country", "time_zone", "language", "birth_date", "yearless_birthday", "source", "external_id", "owner",
    "lead_status", "channel", "dnd", "custom_fields",
)  # fmt: skip


class ChangedOptions(Options):
    """Which fields have to have changed, one of them or all at once; none named means any."""

    fields: list[str] = pydantic.Field(default=[], title=gettext_noop("Which fields changed"))
    match: Literal["any", "all"] = pydantic.Field(
        default="any",
        title=gettext_noop("One of them, or all"),
        json_schema_extra={
            "labels": {"any": gettext_noop("One of them is enough"), "all": gettext_noop("All of them")}
        },
    )

    @pydantic.field_validator("fields")
    @classmethod
    def _known(cls, fields: list[str]) -> list[str]:
        own = {f"{PREFIX}.{name}" for each in definitions.definitions().values() for name, _field in each.fields()}
        unknown = [name for name in fields if name not in {*WATCHED, *own} - {PREFIX}]
        if unknown:
            words = {"name": unknown[0], "names": ", ".join(WATCHED)}
            raise ValueError(_("“%(name)s” is no field whose changes are told. Choose from: %(names)s.") % words)
        return fields


@event("contact.changed", label=gettext_lazy("Contact changed"), section="Contact Events")
class ContactChanged(Changed, model="contacts.Contact", watch=WATCHED):
    """A field of a contact got another value; each changed field is told with its old and new value.

    A custom field is told by itself, as `custom_fields.<key>`. The engagement score has an event of its own.
    """

    Options = ChangedOptions

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

    @classmethod
    def narrow(cls, options: ChangedOptions) -> dict[str, Any] | None:
        leaves = [{"field": f"event.{name}", "op": "changed"} for name in options.fields]
        return {options.match: leaves} if leaves else None

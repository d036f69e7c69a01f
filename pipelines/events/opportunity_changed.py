"""A field of an opportunity got another value."""

from collections.abc import Sequence
from typing import Any, Literal

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX
from pipelines.deals.telling import DealOptions, Names, changes_in_words, every, leaf, narrow
from pipelines.keys import ReasonNumber
from pipelines.models.opportunity import ON_DEALS
from triggers.conditions.fields import Field
from triggers.event_types import Changed, Row, event

WATCHED = (
    "name", "pipeline", "stage", "value", "currency", "owner", "source", "expected_close", "status", "lost_reason",
    "followers", "custom_fields",
)  # fmt: skip
TOLD = ("pipeline_name", "stage_name", "owner_username")


class ChangedOptions(DealOptions):
    """Which fields have to have changed, and to what; the other choices ask for the deal as it is now."""

    fields: list[str] = pydantic.Field(default=[], title=gettext_noop("Which fields changed"))
    match: Literal["any", "all"] = pydantic.Field(
        default="any",
        title=gettext_noop("One of them, or all"),
        json_schema_extra={
            "labels": {"any": gettext_noop("One of them is enough"), "all": gettext_noop("All of them")}
        },
    )
    # the reason for its end: whatever it became, or one of these
    reason_changed: bool = pydantic.Field(default=False, title=gettext_noop("The reason changed"))
    reason_changed_to: list[ReasonNumber] = pydantic.Field(default=[], title=gettext_noop("The reason changed to"))
    not_statuses: list[Literal["open", "won", "lost", "abandoned"]] = pydantic.Field(
        default=[], title=gettext_noop("The status is none of")
    )

    @pydantic.field_validator("fields")
    @classmethod
    def _known(cls, fields: list[str]) -> list[str]:
        own = {f"{PREFIX}.{name}" for each in definitions(ON_DEALS).values() for name, _field in each.fields()}
        unknown = [name for name in fields if name not in {*WATCHED, *own} - {PREFIX}]
        if unknown:
            words = {"name": unknown[0], "names": ", ".join(WATCHED)}
            raise ValueError(_("“%(name)s” is no field whose changes are told. Choose from: %(names)s.") % words)
        return fields


@event("opportunity.changed", label=gettext_lazy("Opportunity changed"), section="Opportunity Triggers")
class OpportunityChanged(Changed, model="pipelines.Opportunity", watch=WATCHED):
    """A field of an opportunity got another value; each changed field is told with its old and new value.

    A custom field is told by itself, as `custom_fields.<key>`; followers are told by username, after the other fields.
    Of a deal that is moved or closed this tells too, besides the event of its own.
    """

    Options = ChangedOptions

    opportunity_id: int
    contact_id: int
    pipeline_id: int
    pipeline_name: str = ""
    stage_id: int
    stage_name: str = ""
    owner_id: int | None = None
    owner_username: str | None = None

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        names = Names(row.after for row in rows)
        told = {
            row.pk: names.told({**dict.fromkeys(("lost_reason_id", "value", "currency")), **row.after}) for row in rows
        }
        return {pk: {name: texts[name] for name in TOLD} for pk, texts in told.items()}

    @classmethod
    def changes(cls, row: Row) -> dict[str, dict[str, Any]]:
        return changes_in_words(super().changes(row))

    @classmethod
    def fields(cls) -> dict[str, Field]:
        return {name: field for name, field in super().fields().items() if name != PREFIX}

    @classmethod
    def own_fields(cls) -> dict[str, Field]:
        return {
            f"{PREFIX}.{name}": field
            for each in definitions(ON_DEALS).values()
            for name, field in each.fields(changes=True)
        }

    @classmethod
    def narrow(cls, options: ChangedOptions) -> dict[str, Any] | None:
        found = narrow(options, "opportunity")
        changed = [leaf(f"event.{name}", "changed") for name in options.fields]
        if changed:
            found.append({options.match: changed})
        if options.reason_changed:
            found.append(leaf("event.lost_reason", "changed"))
        if options.reason_changed_to:
            found.append({"any": [leaf("event.lost_reason", "changed_to", pk) for pk in options.reason_changed_to]})
        if options.not_statuses:
            found.append(leaf("opportunity.status", "is_none_of", options.not_statuses))
        return every(found)

"""Fields for conditions, told from a payload's types and a model's columns."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from contacts.models import Contact
from triggers.conditions.fields import Kind
from triggers.event_fields import changing_field, payload_fields, spoken


class Paid(BaseModel):
    contact_id: int
    amount: Decimal | None
    quantity: int = Field(title="how many")
    note: str
    gift: bool
    at: datetime
    day: date | None
    way: Literal["card", "cash"]
    tags: list[str]
    body: dict[str, str]


def test_each_type_has_its_kind_and_whole_objects_have_none() -> None:
    found = dict(payload_fields(Paid))

    assert {name: field.kind for name, field in found.items()} == {
        "contact_id": Kind.REF, "amount": Kind.NUMBER, "quantity": Kind.NUMBER, "note": Kind.TEXT, "gift": Kind.YESNO,
        "at": Kind.DATETIME, "day": Kind.DATE, "way": Kind.CHOICE, "tags": Kind.SET,
    }  # fmt: skip
    assert [value for value, _label in found["way"].choices] == ["card", "cash"]
    assert (str(found["contact_id"].label), str(found["quantity"].label)) == ("contact id", "how many")


def test_what_is_spoken_is_labels_and_the_values_of_choices() -> None:
    told = list(spoken(Paid))

    assert {"how many", "card", "cash"} <= set(told)
    assert "body" not in told


def test_a_column_becomes_a_field_that_changes() -> None:
    status = changing_field(Contact._meta.get_field("lead_status"))
    owner = changing_field(Contact._meta.get_field("owner"))

    assert (status.kind, status.changes, ("won" in dict(status.choices))) == (Kind.CHOICE, True, True)
    assert (owner.kind, owner.changes) == (Kind.REF, True)

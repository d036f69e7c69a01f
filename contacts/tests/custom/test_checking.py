"""Which definitions are refused, and which changes would hurt somebody."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from contacts.custom import checking, usage
from contacts.models import CustomField
from contacts.tests import make
from triggers import services
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def refused(row: CustomField) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    return error.value.message_dict


@pytest.mark.parametrize(
    ("values", "field", "why"),
    [
        ({"key": "Shoe size"}, "key", "Use small letters, digits and single _, such as shoe_size."),
        ({"key": "_x"}, "key", "Use small letters, digits and single _, such as shoe_size."),
        ({"key": "a__b"}, "key", "Use small letters, digits and single _, such as shoe_size."),
        ({"key": "größe"}, "key", "Use small letters, digits and single _, such as shoe_size."),
        ({"key": "a\n"}, "key", "Use small letters, digits and single _, such as shoe_size."),
        ({"key": "contains"}, "key", "“contains” is a word of message texts. Choose another key."),
        ({"key": "budget_currency"}, "key",
         "“budget_currency” would be mixed up with the field “Budget”. Choose another key."),
        ({"key": "budget"}, "key", "There is a custom field with this key already."),
        ({"kind": "tel"}, "kind", "Value 'tel' is not a valid choice."),
        ({"kind": "choice"}, "choices", "Give 1 to 200 choices."),
        ({"kind": "choice", "choices": ["a", "A"]}, "choices", "The choice “a” is there twice."),
        ({"kind": "choice", "choices": [{"name": "a"}]}, "choices",
         "Give each choice a value and a label, of at most 100 characters."),
        ({"kind": "choice", "choices": 5}, "choices",
         "Give each choice a value and a label, of at most 100 characters."),
        ({"kind": "choice", "choices": ["x" * 101]}, "choices",
         "Give each choice a value and a label, of at most 100 characters."),
        ({"kind": "money", "currency": "EURO"}, "currency",
         "Ensure this value has at most 3 characters (it has 4)."),
        ({"kind": "money", "currency": "abc"}, "currency",
         "“ABC” is no currency. Enter its three letters, such as EUR."),
        ({"label": ""}, "label", "This field cannot be blank."),
    ],
)  # fmt: skip
def test_a_definition_that_is_wrong(values: dict[str, Any], field: str, why: str) -> None:
    make.field("budget", "money")

    told = refused(CustomField(**{"key": "size", "label": "Size", "kind": "text", **values}))

    assert why in told[field]


def test_a_key_that_is_none_is_told_once() -> None:
    told = refused(CustomField(key="Shoe size", label="Size", kind="text"))

    assert told == {"key": ["Use small letters, digits and single _, such as shoe_size."]}


def test_what_a_kind_has_no_use_for_is_dropped() -> None:
    row = make.field("size", "text", choices=["a"], currency="EUR")

    assert (row.choices, row.currency) == ([], "")
    assert make.field("price", "money", currency="eur").currency == "EUR"


def test_the_key_never_changes() -> None:
    row = make.field("size")
    row.key = "weight"

    assert refused(row) == {"key": ["The key of a custom field never changes."]}
    with pytest.raises(ValidationError):
        row.save()


def test_what_a_live_workflow_names_keeps_its_kind_and_choices() -> None:
    row = make.field("size", "choice", choices=["s", "l"])
    make.field("sizes")
    tree = {"field": "contact.custom_fields.size", "op": "is", "value": "s"}
    trigger = {"uid": "t1", "event": "note.added", "config": {}, "conditions": tree}
    live = engine.workflow(name="Welcome", triggers=[trigger])

    row.choices = ["l", "xl"]
    assert refused(row) == {"choices": ["“Welcome” use this field. Take it out there before “s” goes."]}
    row.choices, row.kind = ["s", "l", "xl"], "text"
    assert refused(row) == {"kind": ["“Welcome” use this field. Take it out there before its kind changes."]}
    row.kind, row.label, row.choices = "choice", "Other", ["s", "l", "xl"]
    row.full_clean()
    assert "“Welcome” use this field." in checking.why_not_deleted(row)
    assert checking.why_not_deleted(CustomField.objects.get(key="sizes")) == ""

    services.archive(live)
    row.kind = "text"
    row.full_clean()
    assert checking.why_not_deleted(row) == ""


def test_a_field_that_contacts_carry_is_archived_and_not_deleted() -> None:
    row = make.field("size")
    make.contact(custom_fields={"size": "M"})

    assert checking.why_not_deleted(row).startswith("Contacts have values in this field.")


def test_a_workflow_may_only_name_fields_there_are() -> None:
    make.field("size", "number")

    def problems(tree: Any, text: str = "x") -> list[str]:
        trigger = {"uid": "t1", "event": "contact.tag_added", "config": {}, "conditions": tree}
        body = engine.action("a1", "note.create", body=text)
        return [each.message for each in services.checking.check(engine.document(body, triggers=[trigger]))]

    leaf = {"field": "contact.custom_fields.size", "op": "gt", "value": 5}
    assert problems(leaf, "{{ contact.custom_fields.size }}") == []
    assert problems({**leaf, "field": "contact.custom_fields.sise"})[0].startswith("There is no field")
    assert problems({**leaf, "op": "contains"})[0].startswith("Choose a comparison that fits Size")
    assert problems(leaf, "{{ contact.custom_fields.sise }}")[0].startswith("“contact.custom_fields.sise” is not a")


def test_how_many_contacts_carry_each_field() -> None:
    make.contact(custom_fields={"a": 1, "b": False})
    make.contact(custom_fields={"a": None})
    make.contact()

    assert usage.counts([]) == {}
    cache.clear()
    assert usage.counts(["a", "b", "c"]) == {"a": 2, "b": 1, "c": 0}
    assert usage.carried("b")
    assert not usage.carried("c")

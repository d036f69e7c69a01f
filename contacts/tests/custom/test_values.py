"""The custom fields of one contact, at the doors of services, Django's validation, facts and filters."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts import services
from contacts.custom.filtering import asked
from contacts.facts import ContactFacts
from contacts.models import Contact, CustomField
from contacts.tests import make
from triggers import sweeping
from triggers.conditions.fields import operators
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
SIZES = [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}, "XL"]


def archive(field: CustomField) -> None:
    field.archived = True
    field.save()


def refused(values: dict[str, Any], contact: Contact | None = None) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        services.update(contact or make.contact(), values)
    return error.value.message_dict


def test_an_unknown_field_is_refused_by_name_with_those_there_are() -> None:
    assert refused({"custom_fields.size": 1}) == {
        "custom_fields.size": ["There is no custom field “size”; none is defined yet."]
    }
    make.field("size")
    assert refused({"custom_fields": {"weight": 1, "sizes": 2}}) == {
        "custom_fields.weight": ["There is no custom field “weight”. There are: size."],
        "custom_fields.sizes": ["There is no custom field “sizes”. Is it “size”?"],
    }


def test_a_required_field_cannot_be_cleared_and_may_be_missing() -> None:
    make.field("size", label="Shoe size", required=True)
    mia = make.contact(custom_fields={"size": "M"})

    assert refused({"custom_fields.size": ""}, mia) == {"custom_fields.size": ["“Shoe size” is required."]}
    assert refused({"custom_fields": None}, mia) == {"custom_fields.size": ["“Shoe size” is required."]}
    assert services.update(make.contact(), {"city": "Bonn"}) == {"city": {"old": "", "new": "Bonn"}}


def test_an_archived_field_takes_nothing_new_and_can_be_cleared() -> None:
    archive(make.field("size", required=True))
    mia = make.contact(custom_fields={"size": "M"})

    assert refused({"custom_fields.size": "L"}, mia) == {
        "custom_fields.size": ["“Size” is archived; it takes no new values."]
    }
    services.update(mia, {"custom_fields.size": None})
    assert mia.custom_fields == {}


def test_djangos_own_validation_judges_what_is_new_and_leaves_what_was_there() -> None:
    make.field("size", "number", label="Shoe size")
    mia = Contact.objects.get(pk=make.contact(custom_fields={"nobody_s": {"a": 1}, "size": "junk"}).pk)

    mia.full_clean()
    mia.custom_fields = {**mia.custom_fields, "size": " 42 "}
    mia.full_clean()
    assert mia.custom_fields == {"nobody_s": {"a": 1}, "size": 42}

    mia.custom_fields = {"size": "XL", "sise": 1}
    with pytest.raises(ValidationError) as error:
        mia.full_clean()
    assert error.value.message_dict == {
        "custom_fields": [
            "Shoe size: Enter a number such as 1234.5, without separators.",
            "sise: There is no custom field “sise”. Is it “size”?",
        ]
    }
    mia.custom_fields = ["size"]
    with pytest.raises(ValidationError):
        mia.full_clean()


def test_facts_are_typed_and_every_field_is_there() -> None:
    ana = make.user("ana", first_name="Ana", last_name="Roth")
    for key, kind in (("n", "number"), ("day", "date"), ("met", "datetime"), ("vip", "yesno"), ("who", "user")):
        make.field(key, kind)
    make.field("size", "choice", choices=SIZES)
    make.field("likes", "multi_choice", choices=SIZES)
    make.field("budget", "money")
    archive(make.field("old"))
    make.field("unset")
    mia = make.contact(custom_fields={
        "n": 42.5, "day": "2026-05-17", "met": "2026-03-31T07:00:00+00:00", "vip": False, "who": ana.pk, "size": "l",
        "likes": ["s", "XL"], "budget": {"amount": "49.90", "currency": "EUR"}, "old": "x", "nobody_s": [1],
    })  # fmt: skip

    loaded = ContactFacts().load([mia.pk])[mia.pk]

    assert {name.removeprefix("custom_fields."): value for name, value in loaded.items() if "custom" in name} == {
        "n": Decimal("42.5"), "day": date(2026, 5, 17), "met": datetime(2026, 3, 31, 7, tzinfo=UTC), "vip": False,
        "who": ana.pk, "who_name": "Ana Roth", "size": "l", "size_label": "Large", "likes": {"s", "XL"},
        "likes_label": "Small, XL", "budget": Decimal("49.90"), "budget_currency": "EUR", "old": "x", "unset": None,
        "nobody_s": [1],
    }  # fmt: skip


def test_fields_have_the_operators_of_their_kind_and_no_column() -> None:
    make.field("size", "choice", choices=SIZES, label="Shoe size")
    make.field("budget", "money")

    fields = ContactFacts().own_fields()

    size = fields["custom_fields.size"]
    assert (size.label, size.kind, size.choices) == (
        "Shoe size", "choice", (("s", "Small"), ("l", "Large"), ("XL", "XL")),
    )  # fmt: skip
    assert [operator.key for operator in operators(fields["custom_fields.budget"])][:3] == ["eq", "ne", "gt"]
    assert fields["custom_fields.budget_currency"].kind == "text"
    assert {field.column for field in fields.values()} == {None}
    assert ContactFacts().field("custom_fields.size") == size
    assert ContactFacts().field("custom_fields.sise") is None


def test_many_contacts_with_users_take_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    make.field("who", "user")
    ids = [make.contact(custom_fields={"who": make.user(f"u{n}").pk}).pk for n in range(5)]
    ContactFacts().load(ids)

    with django_assert_num_queries(4):
        ContactFacts().load(ids)


def test_contacts_by_a_value() -> None:
    for key, kind in (("n", "number"), ("vip", "yesno"), ("day", "date")):
        make.field(key, kind)
    make.field("range")
    make.field("likes", "multi_choice", choices=SIZES)
    make.field("budget", "money", currency="EUR")
    mia = make.contact(custom_fields={
        "n": 42.5, "vip": True, "range": "Größe 🌞", "likes": ["s", "XL"], "day": "2026-05-17",
        "budget": {"amount": "5.00", "currency": "EUR"},
    })  # fmt: skip
    ben = make.contact(custom_fields={"n": 1, "vip": False, "likes": ["l"]})
    make.contact()

    def having(text: str) -> list[int]:
        return list(asked(Contact.objects.order_by("pk"), text).values_list("pk", flat=True))

    for text in ("n:42.50", "vip:yes", "range:Größe 🌞", "likes:s", "likes:xl", "day:2026-05-17", "budget:5"):
        assert having(text) == [mia.pk], text
    assert having("vip:no") == having("n:1") == having("likes:l") == [ben.pk]
    assert having("likes:s,l") == []
    assert having("likes:s,xl") == [mia.pk]
    assert len(having("n:")) == 1
    for text in ("n", "n:many", "nope:1", "likes:XXL", ":", "n:" + "9" * 40):
        with pytest.raises(ValidationError):
            having(text)


def test_a_text_reads_fields_and_their_changes_and_an_unset_one_is_empty() -> None:
    for key, kind in (("size", "number"), ("day", "date")):
        make.field(key, kind)
    make.field("tier", "choice", choices=SIZES)
    make.field("budget", "money", currency="EUR")
    mia = make.contact(custom_fields={"tier": "l"})
    body = (
        "[{{ contact.custom_fields.size }}] {{ contact.custom_fields.tier_label }}, {{ event.custom_fields.budget }} "
        '{{ contact.custom_fields.budget_currency }}, {{ contact.custom_fields.day | date: "%d %B" }}'
    )
    note = engine.action("a1", "note.create", body=body)
    trigger = {"uid": "t1", "event": "contact.changed", "config": {}, "conditions": None}
    engine.workflow(note, triggers=[trigger])

    services.update(mia, {"custom_fields": {"budget": "50", "day": "2026-05-17"}})
    sweeping.drain()

    assert [note.body for note in mia.notes.all()] == ["[] Large, 50.00 EUR, 17 May"]

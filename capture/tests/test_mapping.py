"""Mappings: what is wrong with one, and what one makes of a delivery."""

from typing import Any

import pytest

from capture import mapping
from contacts.tests import make
from triggers.problems import Problem

BODY = {
    "name": "Zoë van der Berg",
    "contact": {"email": " zoe@example.com ", "size": 42, "vip": True, "none": None, "blank": "  "},
    "interests": ["solar", "storage", "solar", ""],
    "lists": "solar, storage ,, solar",
    "orders": [{"id": 1}],
}


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ({}, []),
        ({"email": "contact.email", "tags": "query.t", "custom.size_eu": "a[0].b"}, []),
        ([], [Problem((), 'A mapping is an object, such as {"email": "contact.email"}.')]),
        ("email", [Problem((), 'A mapping is an object, such as {"email": "contact.email"}.')]),
        ({"e_mail": "a"}, [Problem(("e_mail",), "There is no such contact field. Did you mean email?")]),
        (
            {"owner": "a"},
            [
                Problem(
                    ("owner",),
                    "There is no such contact field. Custom fields are written custom.<key>.",
                )
            ],
        ),
        (
            {"custom.": "a"},
            [
                Problem(
                    ("custom.",),
                    "There is no custom field “”. There are: size_eu.",
                )
            ],
        ),
        (
            {"custom.sice_eu": "a"},
            [Problem(("custom.sice_eu",), "There is no custom field “sice_eu”. Is it “size_eu”?")],
        ),
        ({"email": 5}, [Problem(("email",), "Enter a path as text, for example contact.email.")]),
        ({"email": "a..b"}, [Problem(("email",), "Between two full stops stands a key, for example contact.email.")]),
        (
            {f"custom.f{n}": "a" for n in range(61)},
            [Problem((), "A mapping has at most 60 entries.")],
        ),
    ],
)
@pytest.mark.django_db
def test_check_names_each_problem_at_its_field(written: Any, problems: list[Problem]) -> None:
    make.field("size_eu")

    assert mapping.check(written) == problems


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ({"email": "contact.email"}, {"email": "zoe@example.com"}),
        ({"external_id": "contact.size"}, {"external_id": "42"}),
        ({"company": "contact.vip"}, {"company": "true"}),
        (
            {"custom.size": "contact.size", "custom.vip": "contact.vip"},
            {"custom_fields.size": 42, "custom_fields.vip": True},
        ),
        ({"custom.likes": "interests"}, {"custom_fields.likes": ["solar", "storage", "solar", ""]}),
        ({"tags": "interests"}, {"tags": ["solar", "storage"]}),
        ({"tags": "lists"}, {"tags": ["solar", "storage"]}),
        ({"tags": "contact.size"}, {"tags": ["42"]}),
        ({"source": "query.utm"}, {"source": "letter"}),
        ({"name": "name"}, {"first_name": "Zoë van der", "last_name": "Berg"}),
        ({"name": "query.utm"}, {"first_name": "letter"}),
        ({"name": "name", "first_name": "query.utm"}, {"first_name": "letter", "last_name": "Berg"}),
    ],
)
def test_apply_shapes_values_for_their_fields(written: dict[str, str], values: dict[str, Any]) -> None:
    assert mapping.apply(written, BODY, {"utm": "letter"}) == (values, [])


def test_what_a_delivery_does_not_hold_is_left_out_in_silence() -> None:
    written = {"email": "contact.mail", "phone": "contact.none", "company": "contact.blank", "tags": "query.tags"}

    assert mapping.apply(written, BODY, {"tags": []}) == ({}, [])


def test_a_value_no_field_can_take_is_told_and_the_others_stand() -> None:
    written = {"company": "contact", "tags": "orders", "phone": "orders", "email": "contact.email"}

    values, problems = mapping.apply(written, BODY, {})

    assert values == {"email": "zoe@example.com"}
    assert problems == [
        Problem(("company",), "At this path stands an object. Name the value within it."),
        Problem(("tags",), "At this path stands an object. Name the value within it."),
        Problem(("phone",), "At this path stands a list of objects. Name the value within it."),
    ]


def test_more_tags_than_anybody_means_are_refused() -> None:
    values, problems = mapping.apply({"tags": "t"}, {"t": [str(n) for n in range(51)]}, {})

    assert values == {}
    assert problems == [Problem(("tags",), "These are more than 50 tags.")]


def test_a_stored_mapping_that_is_wrong_by_now_loses_only_its_entry() -> None:
    values, problems = mapping.apply({"email": "contact..email", "name": "name"}, BODY, {})

    assert values == {"first_name": "Zoë van der", "last_name": "Berg"}
    assert problems == [Problem(("email",), "Between two full stops stands a key, for example contact.email.")]

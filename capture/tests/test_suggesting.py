"""Suggested mappings: for Typeform, Gravity Forms, lists of questions, and plain forms."""

import json
from pathlib import Path
from typing import Any

import pytest

from capture import mapping
from capture.suggesting import suggest_mapping

DEMO = Path(__file__).resolve().parents[2] / "demo"
GRAVITY = {
    "id": "5",
    "form_id": "3",
    "source_url": "https://example.org/contact/",
    "1.3": "Jane",
    "1.6": "Doe",
    "2": "jane@example.com",
    "4.1": "1 High St",
    "4.3": "Austin",
    "4.4": "TX",
    "4.5": "78701",
    "4.6": "US",
    "7": "Just asking",
}


def test_typeforms_answers_are_found_by_their_kind_their_ref_or_their_question() -> None:
    body = json.loads((DEMO / "typeform.json").read_text())
    body["form_response"]["answers"][1]["field"]["ref"] = "b0ee58f1"
    body["form_response"]["definition"]["fields"][1]["ref"] = "b0ee58f1"

    assert suggest_mapping({"body": body}) == {
        "source": "form_response.hidden.utm_source",
        "first_name": "form_response.answers[field.ref=first_name].text",
        "last_name": "form_response.answers[field.ref=b0ee58f1].text",
        "email": "form_response.answers[type=email].email",
        "phone": "form_response.answers[type=phone_number].phone_number",
        "country": "form_response.answers[field.ref=country].choice.label",
        "tags": "form_response.answers[field.ref=interests].choices.labels",
    }


def test_gravity_forms_numbers_are_read() -> None:
    assert suggest_mapping({"body": GRAVITY}) == {
        "first_name": "1.3",
        "last_name": "1.6",
        "street": "4.1",
        "city": "4.3",
        "state": "4.4",
        "postal_code": "4.5",
        "country": "4.6",
        "email": "2",
    }


@pytest.mark.parametrize(
    ("body", "suggested"),
    [
        (
            {"Email": "a@b.de", "First Name": "A", "last-name": "B"},
            {"email": "Email", "first_name": "First Name", "last_name": "last-name"},
        ),
        ({"your-email": "a@b.de", "your-name": "A B"}, {"email": "your-email", "name": "your-name"}),
        ({"name": "A B", "fname": "A", "email": "a@b.de"}, {"email": "email", "first_name": "fname"}),
        ({"form": {"name": "Contact form"}, "data": {"email": "a@b.de"}}, {"email": "data.email"}),
        ({"email": "a@b.de", "old": {"email": "c@d.de"}}, {"email": "email"}),
        ({"a": {"email": "c@d.de"}, "email": "a@b.de"}, {"email": "email"}),
        ({"email": "none", "phone": "ask", "tel": "+49 30 123"}, {"phone": "tel"}),
        ({"email": "", "phone": None, "city": [], "consent": True, "country": {}}, {}),
        (
            {"fields": [{"name": "email", "value": "a@b.de"}, {"label": "Phone", "value": "+49 30 1234"}]},
            {"email": "fields[name=email].value", "phone": "fields[label=Phone].value"},
        ),
        ({"field_data": [{"name": "full_name", "values": ["A B"]}]}, {}),
        ({"items": [{"sku": "A"}, 5, {"name": "Shirt"}]}, {}),
        (
            {"query": {"email": "a@b.de"}, "body": {"phone": "+4930123"}},
            {"email": "body.query.email", "phone": "body.body.phone"},
        ),
        # keys that cannot be written as a path
        ({"e[mail]": 1, "email]": "a@b.de", "tags": ["a", "b"]}, {"tags": "tags"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_plain_names_are_known(body: dict[str, Any], suggested: dict[str, str]) -> None:
    assert suggest_mapping({"body": body}) == suggested


def test_the_query_is_looked_at_after_the_body() -> None:
    sample = {"body": {"email": "a@b.de"}, "query": {"email": "c@d.de", "utm_source": "letter", "phone": "+4930123"}}

    assert suggest_mapping(sample) == {"email": "email", "source": "query.utm_source", "phone": "query.phone"}


@pytest.mark.parametrize(
    "sample",
    [
        {},
        {"body": None, "query": None},
        {"body": {"form_response": {"answers": [{"type": "email", "field": "x", "email": 1}], "definition": []}}},
        {"body": {"answers": [{"type": "text", "text": {}, "field": {"ref": "]["}}]}},
        {"body": {"definition": {"fields": [5, {}]}, "answers": [{}]}},
        {"body": {"form_id": 1, "1.3": None, "2": 5}},
    ],
)
def test_odd_samples_suggest_nothing(sample: dict[str, Any]) -> None:
    assert suggest_mapping(sample) == {}


def test_what_is_suggested_is_a_mapping_that_reads_the_sample() -> None:
    body = json.loads((DEMO / "order-event.json").read_text())

    suggested = suggest_mapping({"body": body})

    assert mapping.check(suggested) == []
    values, problems = mapping.apply(suggested, body, {})
    assert problems == []
    assert values == {
        "email": "mateusz.wojcik@example.com",
        "first_name": "Mateusz",
        "last_name": "Wójcik",
        "phone": "+48512345678",
        "street": "ul. Piotrkowska 120",
        "postal_code": "90-006",
        "city": "Łódź",
        "country": "PL",
        "tags": ["customer", "storage"],
    }

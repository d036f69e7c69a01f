"""Examples: payloads and settings that the types accept."""

from typing import Any, ClassVar, Literal

import pytest
from django.utils.translation import gettext_lazy
from pydantic import Field, model_validator

from triggers import registry
from triggers.action_types import Action
from triggers.explaining import examples
from triggers.problems import Problem

WELL_KNOWN: dict[str, Any] = {"tag": "VIP", "tag_id": 1, "contact_id": 1, "tags_before": [], "tags_after": []}


def test_a_payload_is_sampled_by_name_and_type() -> None:
    assert examples.payload(registry.events.find("contact.tag_added")) == WELL_KNOWN


def test_given_values_replace_the_sampled_ones_where_there_is_such_a_field() -> None:
    found = examples.payload(registry.events.find("contact.tag_added"), tag="New", nothing=1)

    assert found == {**WELL_KNOWN, "tag": "New"}


def test_an_object_that_is_named_like_a_text_stays_an_object() -> None:
    found = examples.payload(registry.events.find("webhook.received"))

    assert (found["body"], found["headers"], found["problems"]) == ({}, {}, [])


def test_an_event_is_about_the_contact() -> None:
    event = examples.event("note.added", contact_id=7, body="Hello")

    assert (event.contact_id, event.subject_id, event.data["contact_id"], event.data["body"]) == (7, 7, 7, "Hello")
    assert event._state.adding


class Base(Action):
    label: ClassVar[Any] = gettext_lazy("Base")


class Required(Base):
    title: str
    points: int
    how: Literal["add", "take"]
    values: dict[str, Any] = Field(min_length=1)
    note: str = ""


class OwnExamples(Base):
    endpoint: str = Field(examples=["shop"])


class OneOfSeveral(Base):
    name: str = ""
    email: str = ""

    @model_validator(mode="after")
    def _email(self) -> "OneOfSeveral":
        if not self.email:
            raise ValueError("no e-mail")
        return self


class Complains(Base):
    text: str = ""
    html: str = ""

    def problems(self, uid: str) -> list[Problem]:
        return [] if self.html else [Problem(("html",), "Say something.")]


class AlwaysComplains(Base):
    workflow: str

    def problems(self, uid: str) -> list[Problem]:
        return [Problem(("workflow",), "There is none.")]


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (Required, {"title": "Call Anna", "points": 1, "how": "add", "values": {"first_name": "Anna"}}),
        (OwnExamples, {"endpoint": "shop"}),
        (OneOfSeveral, {"email": "anna@example.org"}),
        (Complains, {"html": "text"}),
        (AlwaysComplains, {"workflow": "welcome"}),
    ],
)
def test_settings_are_the_smallest_that_are_accepted(kind: type[Action], config: dict[str, Any]) -> None:
    assert examples.action_config(kind) == config

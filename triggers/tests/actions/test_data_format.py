"""data.format: a text of other values."""

import pytest

from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db


def test_the_text_is_rendered_into_the_variable() -> None:
    template = "{% if contact.first_name == 'Anna' %}{{ contact.first_name | upcase }}{% endif %} & {{ event.tag }}"

    done = play.perform("data.format", into="line", template=template)

    assert (done.result, done.run.vars["line"]) == ({"value": "ANNA & VIP"}, "ANNA & VIP")
    assert done.summary == "line is “ANNA & VIP”."


def test_a_long_text_is_kept_whole_and_told_short() -> None:
    done = play.perform("data.format", make.contact(city="x" * 80), into="line", template="{{ contact.city }}yz")

    assert (done.result["value"], done.summary) == ("x" * 80 + "yz", f"line is “{'x' * 80}”.")


def test_what_cannot_be_rendered_fails_and_says_why() -> None:
    run = play.start(
        make.action("a1", "data.set", values={"n": {"deep": 1}}),
        make.action("a2", "data.format", into="line", template="{{ vars.n }}"),
    )

    assert (run.status, run.reason) == (
        "failed", "A group of fields cannot be shown as text. Name one field of the group.",
    )  # fmt: skip


def test_a_dry_run_renders() -> None:
    assert play.preview("data.format", into="line", template="Hi {{ contact.first_name }}") == "line is “Hi Anna”."


@pytest.mark.parametrize(
    ("config", "paths"),
    [
        ({"into": "line", "template": "{{ contact.first_name }}"}, []),
        ({"into": "line", "template": "{{ contact.first_name"}, ["template"]),
        ({"into": "line", "template": "{{ contact.nme }}"}, ["template"]),
        ({"into": "line", "template": ""}, ["template"]),
        ({"into": "a line", "template": "x"}, ["into"]),
    ],
)
def test_problems(config: dict[str, str], paths: list[str]) -> None:
    assert [path for path, _why in play.problems("data.format", **config)] == paths

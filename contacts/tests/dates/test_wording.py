"""The options of birthdays and custom dates, as they stand in a workflow's sentence."""

from typing import Any

import pytest

from contacts.tests import make
from triggers.wording.sentences import sentence


def said(event: str, **config: Any) -> str:
    trigger = {"uid": "t1", "event": event, "config": config, "conditions": None}
    return sentence({"triggers": [trigger], "actions": [{"uid": "a1", "action": "run.stop", "config": {}}]})


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "on the day at 09:00"),
        ({"timezone": "contact"}, "on the day at 09:00, in the contact's time zone"),
        ({"timezone": "account", "at": "18:30"}, "on the day at 18:30"),
        ({"days_before": [1], "on_the_day": False}, "1 day before at 09:00"),
        ({"days_before": [3, 7, 7]}, "7 and 3 days before and on the day at 09:00"),
        (
            {"days_before": [1], "days_after": [14, 2, 1]},
            "1 day before, on the day and 1, 2 and 14 days after at 09:00",
        ),
        ({"leap_day": "28 February"}, "on the day at 09:00"),
        ({"leap_day": "1 March"}, "on the day at 09:00, 29 February counts as 1 March"),
        (
            {"leap_day": "leap years only", "timezone": "contact"},
            "on the day at 09:00, in the contact's time zone, 29 February in leap years only",
        ),
    ],
)
def test_a_birthday(config: dict[str, Any], words: str) -> None:
    assert said("contact.birthday", **config) == f"When birthday reminder ({words}): end this run"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "birth date, on the day at 09:00"),
        ({"repeat": "yearly", "leap_day": "1 March"},
         "birth date, every year, on the day at 09:00, 29 February counts as 1 March"),
        ({"field": "custom_fields.renewal", "repeat": "monthly", "days_before": [2], "on_the_day": False,
          "timezone": "contact", "leap_day": "1 March"},
         "Renewal, every month, 2 days before at 09:00, in the contact's time zone"),
        ({"field": "custom_fields.renewal", "days_after": [1], "on_the_day": False}, "Renewal, 1 day after at 09:00"),
    ],
)  # fmt: skip
def test_a_custom_date(config: dict[str, Any], words: str) -> None:
    make.field("renewal", "date")

    assert said("contact.custom_date_reached", **config) == f"When custom date reminder ({words}): end this run"


def test_options_that_are_wrong_are_said_as_they_stand() -> None:
    assert said("contact.birthday", at="25:00") == "When birthday reminder (25:00): end this run"

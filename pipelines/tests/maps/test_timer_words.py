"""The time of a journey's trigger in words, also of options that are wrong."""

from typing import Any

import pytest

from pipelines.maps import timer_words
from pipelines.maps.timing import TimerOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "1 day after the lead enters the map"),
        ({"delay": 0}, "when the lead enters the map"),
        ({"delay": 90, "unit": "minutes", "anchor": "track.closed"}, "1 hour 30 minutes after the track closes"),
        ({"delay": 2, "anchor": "step.opened", "business": True, "unless": [{"event": "step.closed"}]},
         "2 days of working time after the step opens, unless the step is done"),
        ({"anchor": "field", "field": "birth_date", "when": "before", "delay": 7}, "7 days before birth date"),
        ({"anchor": "step_date", "delay": 0}, "on the date in the step"),
        ({"anchor": "last_contact", "delay": 3, "every": 1, "times": 3},
         "3 days after the last contact, again every 1 day, 3 times at most"),
        ({"unless": [{"event": "track.opened"}, {"event": "track.opened", "track": 3}, {"event": "map.closed"}]},
         "1 day after the lead enters the map, unless the track opens or the lead is closed"),
    ],
)  # fmt: skip
def test_each_option(options: dict[str, Any], words: str) -> None:
    assert TimerOptions(**options).in_words() == words


@pytest.mark.parametrize(
    "config", [{"delay": "two"}, {"unit": "years"}, {"anchor": None}, {"anchor": "field", "field": 3}, {"delay": 10**9}]
)
def test_wrong_options_are_said_as_far_as_they_go(config: dict[str, Any]) -> None:
    assert timer_words.moment(config)

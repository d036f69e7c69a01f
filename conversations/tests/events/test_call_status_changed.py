"""Which calls start a workflow."""

from typing import Any

import pytest

from conversations.tests.test_phoning import OURS, THEIRS, reported
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({}, 2), ({"directions": ["in"]}, 2), ({"directions": ["out"]}, 0), ({"statuses": ["no-answer", "busy"]}, 1),
        ({"statuses": ["completed"]}, 0), ({"numbers": [OURS]}, 2), ({"numbers": [THEIRS]}, 0), ({"workflows": [7]}, 0),
    ],
)  # fmt: skip
def test_by_direction_status_and_number(config: dict[str, Any], starts: int) -> None:
    make.workflow(triggers=[{"uid": "t1", "event": "call.status_changed", "config": config, "conditions": None}])

    reported("ringing")
    reported("no-answer")
    drain()

    assert Run.objects.count() == starts

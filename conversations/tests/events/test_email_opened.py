from typing import Any

import pytest

from conversations.tests.test_happenings import sent, tell
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


def starts(key: str, config: dict[str, Any], *happenings: tuple[str, dict[str, Any]]) -> int:
    """How often a workflow with this trigger starts."""
    flow = make.workflow(triggers=[{"uid": "t1", "event": key, "config": config, "conditions": None}])
    sent()
    for kind, values in happenings:
        tell(kind, **values)
    drain()
    return Run.objects.filter(workflow=flow).count()


@pytest.mark.parametrize(
    ("config", "count"),
    [
        ({}, 3), ({"people_only": True}, 2), ({"first_only": True}, 1), ({"workflows": [7]}, 3), ({"workflows": [8]}, 0),
        ({"workflows": [7], "first_only": True}, 1),
    ],
)  # fmt: skip
def test_it_is_narrowed_to_workflows_people_and_the_first(config: dict[str, Any], count: int) -> None:
    opened = [
        ("opened", {"event_id": "1", "machine": True}),
        ("opened", {"event_id": "2"}),
        ("opened", {"event_id": "3"}),
    ]

    assert starts("email.opened", config, *opened) == count

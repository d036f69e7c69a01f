from typing import Any

import pytest

from conversations.tests.events.test_email_opened import starts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("config", "count"), [({}, 1), ({"workflows": [7]}, 1), ({"workflows": [8]}, 0)])
def test_who_leaves_starts_it_once(config: dict[str, Any], count: int) -> None:
    assert starts("email.unsubscribed", config, ("unsubscribed", {}), ("unsubscribed", {})) == count

from typing import Any

import pytest

from conversations.tests.events.test_email_opened import starts

pytestmark = pytest.mark.django_db
CLICKED = [
    ("clicked", {"url": "https://example.org/offer", "machine": True}),
    ("clicked", {"url": "https://example.org/offer"}), ("clicked", {"url": "https://example.org/imprint"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "count"),
    [
        ({}, 3), ({"links": ["/OFFER", "/other"]}, 2), ({"links": ["/other"]}, 0), ({"people_only": True}, 2),
        ({"first_only": True}, 1), ({"links": ["/imprint"], "people_only": True, "workflows": [7]}, 1),
    ],
)  # fmt: skip
def test_it_is_narrowed_to_links_people_and_the_first(config: dict[str, Any], count: int) -> None:
    assert starts("email.clicked", config, *CLICKED) == count

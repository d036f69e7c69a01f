"""Which comments start a workflow."""

from typing import Any

import pytest

from conversations.tests.social.page import listening, wrote
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({}, True), ({"pages": ["page"]}, True), ({"pages": ["other"]}, False), ({"posts": ["post"]}, True),
        ({"posts": ["https://fb.example/1"]}, True), ({"posts": ["x"]}, False), ({"phrases": ["MUCH", "cost"]}, True),
        ({"phrases": ["cost"]}, False), ({"exact": ["how much is it?"]}, True), ({"exact": ["how much"]}, False),
        ({"first_level_only": True}, True),
    ],
)  # fmt: skip
def test_by_page_post_and_words(config: dict[str, Any], starts: bool) -> None:
    listening(make.action("a", "data.set", values={"seen": "yes"}), **config)

    wrote(permalink="https://fb.example/1")
    drain()

    assert Run.objects.exists() is starts


def test_answers_to_comments_can_be_left_out() -> None:
    listening(make.action("a", "data.set", values={"seen": "yes"}), first_level_only=True)

    wrote(parent_id="c0")
    drain()

    assert not Run.objects.exists()

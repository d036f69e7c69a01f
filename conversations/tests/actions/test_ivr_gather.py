"""What a question listens for."""

import pytest

from conversations.actions.ivr_gather import IvrGather
from conversations.ivr.script import Gather
from conversations.tests.ivr.line import line, rung
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_speech_alone_asks_for_no_keys() -> None:
    line(make.action("a", "ivr.gather", text="Your name?", keys=False, speech=True, seconds=8))

    assert rung().verbs == (Gather("Your name?", "en-GB", 0, "#", True, 8),)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"keys": False}, ""), ({"digits": 0}, "digits"), ({"digits": 33}, "digits"), ({"finish": "12"}, "finish"),
        ({"seconds": 0}, "seconds"), ({"text": ""}, "text"), ({"language": "xx"}, "language"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_at_its_field(config: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=field or "Listen for keys"):
        IvrGather.model_validate({"text": "Press 1.", **config})

"""What is read out: merge fields filled in, on one line, cut where providers would refuse it."""

import pytest

from conversations.ivr.script import MAX_SPOKEN, Say
from conversations.tests.ivr.line import line, rung
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_line_breaks_are_read_as_pauses_between_words() -> None:
    line(make.action("a", "ivr.say", text="Good day.\n\nYou called {{ event.to_number }}.", language="de-DE"))

    assert rung().verbs == (Say("Good day. You called +4930999999.", "de-DE"),)


def test_a_text_that_grew_too_long_is_cut() -> None:
    make.contact(phone="+4930123456", company="x" * 150)
    line(make.action("a", "ivr.say", text="{{ contact.company }} " * 100))

    [said] = rung().verbs
    assert isinstance(said, Say)
    assert len(said.text) == MAX_SPOKEN

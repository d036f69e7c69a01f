"""Whom a call is put through to."""

import pytest

from conversations.ivr.script import Dial
from conversations.tests.ivr.line import line, rung
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_the_number_may_be_a_merge_field() -> None:
    make.contact(phone="+4930123456", company="+49 30 55 55 5")
    line(make.action("a", "ivr.dial", number="{{ contact.company }}", seconds=30))

    assert rung().verbs == (Dial("+493055555", 30),)

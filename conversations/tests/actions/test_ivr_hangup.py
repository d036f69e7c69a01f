"""The end of a call, in the middle of a workflow."""

import pytest

from contacts.models import Task
from conversations.ivr.script import HangUp
from conversations.tests.ivr.line import line, rung
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_the_workflow_goes_on_without_the_call() -> None:
    line(make.action("a", "ivr.hangup"), make.action("t", "task.create", title="They called"))

    assert rung().verbs == (HangUp(),)
    assert Task.objects.get().title == "They called"

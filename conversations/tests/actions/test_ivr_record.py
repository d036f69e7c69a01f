"""A message that is left."""

import pytest

from contacts.models import Task
from conversations.ivr.script import Record
from conversations.tests.ivr.line import heard, line, rung
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_where_the_recording_is_can_be_used_later() -> None:
    task = make.action("t", "task.create", title="Listen: {{ actions.a.recording_url }}")
    line(make.action("a", "ivr.record"), task)

    assert rung().verbs == (Record("", "en-GB", 120),)
    heard(0, recording_url="https://api.example.org/RE1", seconds=4)
    assert Task.objects.get().title == "Listen: https://api.example.org/RE1"

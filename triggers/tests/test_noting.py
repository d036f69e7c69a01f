"""Who did what by hand is kept; what nobody did is not."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import translation

from triggers.noting import note
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_it_is_kept_with_its_record_and_who_did_it() -> None:
    flow, clara = make.workflow(), make.user()

    note(clara, flow, "Paused.")
    note(None, flow, "By a program.")

    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.get_edited_object(), entry.get_change_message()) == (clara, flow, "Paused.")


def test_it_is_kept_in_the_organisations_language_whoever_did_it() -> None:
    flow, clara = make.workflow(), make.user()

    with translation.override("de"):
        note(clara, flow, "Paused: %(why)s", why="Ferien")
        note(clara, flow, "Paused.")

    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == [
        "Paused: Ferien",
        "Paused.",
    ]

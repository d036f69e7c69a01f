"""contact.delete: the contact is gone, and the run ends."""

import pytest

from contacts.models import Contact
from contacts.tests import make
from contacts.tests.actions import play
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_the_contact_is_deleted_and_the_run_ends() -> None:
    mia = make.contact()

    done = play.perform("contact.delete", mia, confirm="delete")

    assert (done.status, done.summary) == ("done", "Deleted Mia.")
    assert not Contact.objects.filter(first_name="Mia").exists()
    assert Run.objects.get(pk=done.run_id).status == "done"
    [event] = make.events("contact.deleted")
    assert (event.actor, event.cause) == ("workflow", done.key)


def test_preview() -> None:
    said = play.preview("contact.delete", make.contact(), confirm="delete")

    assert said == "Deletes Mia, with all notes and tasks, and ends the run."


def test_it_has_to_be_confirmed() -> None:
    assert play.problems("contact.delete", confirm="yes") == [(".confirm", "Choose one of: 'delete'.")]

"""`course.issue_certificate`: once for a run, and no second one while there is a valid one."""

from uuid import uuid4

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from courses import certifying
from courses.models import Certificate
from courses.tests import make
from triggers.action_types import Done

KEY = "course.issue_certificate"
pytestmark = pytest.mark.django_db


def test_it_is_issued_once_and_found_again() -> None:
    mia, template = contacts.contact(), make.template(make.course())

    done = play.perform(KEY, mia, certificate_template=template.pk)
    again = play.perform(KEY, mia, certificate_template=template.pk)

    row = Certificate.objects.get()
    assert (done.summary, done.result) == (
        "Issued the certificate “Carer”.", {"certificate_id": row.pk, "url": row.address},
    )  # fmt: skip
    assert (again.summary, again.result["certificate_id"]) == ("Had the certificate “Carer” already.", row.pk)
    assert row.key == done.key


def test_a_try_that_is_made_again_finds_what_the_first_made() -> None:
    mia, template, key = contacts.contact(), make.template(make.course()), uuid4()
    first = certifying.issue(mia, template, make.at(10), key)
    certifying.revoke(first, make.at(11))

    assert certifying.issue(mia, template, make.at(12), key) == first


def test_a_preview_writes_nothing() -> None:
    template = make.template(make.course())

    said = play.simulate(KEY, contacts.contact(), certificate_template=template.pk)[0]

    assert said == Done("Issues the certificate “Carer”.")
    assert not Certificate.objects.exists()


def test_a_template_that_was_deleted_fails_it() -> None:
    mia, template = contacts.contact(), make.template(make.course())
    workflow = play.live(KEY, certificate_template=template.pk)
    template.delete()

    contacts.note(mia)
    done = play.drained(workflow)

    assert (done.status, done.error) == ("failed", "The template was deleted. Choose another.")

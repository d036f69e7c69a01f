"""`course.certificate_issued`: told when a contact is given a certificate."""

import pytest

from courses.events.course_certificate_issued import CertificateOptions, CourseCertificateIssued
from courses.models import Certificate
from courses.tests import make
from triggers import registry
from triggers.tests.make import last_event

KEY = "course.certificate_issued"
pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is CourseCertificateIssued


def test_completing_the_course_starts_a_workflow_for_that_template_alone() -> None:
    mine, other = make.course(lessons=1), make.course("Sanding", lessons=1)
    wanted = make.template(mine, on_completion=True)
    make.template(other, title="Sander", on_completion=True)
    anna, ben = make.learner(mine), make.learner(other, email="ben@example.org")
    make.workflow(KEY, certificate_templates=[wanted.pk])

    for who, product in ((anna, mine), (ben, other)):
        make.browser(who).post(make.page_of(make.lessons_of(product)[0]))

    assert make.told(anna, ben) == [True, False]


def test_it_tells_the_certificate_and_its_page() -> None:
    product = make.course(lessons=1)
    make.template(product, on_completion=True, valid_days=30)
    anna = make.learner(product)
    make.browser(anna).post(make.page_of(make.lessons_of(product)[0]))

    told, row = last_event(KEY).data, Certificate.objects.get()

    assert told["certificate"] == {"id": row.pk, "url": row.address, "template": "Carer"}
    assert (told["product_id"], told["product"]) == (product.pk, "Oiling")
    assert told["expires_at"] is not None


def test_settings_narrow_it() -> None:
    assert CourseCertificateIssued.narrow(CertificateOptions(certificate_templates=[2])) == {
        "field": "event.template_id", "op": "is_any_of", "value": [2],
    }  # fmt: skip

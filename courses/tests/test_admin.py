"""Courses in the admin."""

from typing import Any
from uuid import uuid4

import pytest

from contacts.tests import make as contacts
from courses import certifying, granting, learning
from courses.models import Access, Category, Certificate, Lesson, Product
from courses.tests import make
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
ADMIN = "/admin/courses/"


def rows(prefix: str, *given: dict[str, Any]) -> dict[str, Any]:
    """What a form posts of an inline."""
    management = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": 0}
    return management | {
        f"{prefix}-{at}-{name}": value for at, each in enumerate(given) for name, value in each.items()
    }


def test_staff_make_a_course_with_its_parts_in_order() -> None:
    client = visit.boss()
    parts = rows("categories", {"position": 2, "title": "Second"}, {"position": 1, "title": "First"})

    client.post(f"{ADMIN}product/add/", {"title": "Oiling", "published": "on", "external_id": "", **parts})
    first = Category.objects.get(title="First")
    lessons = rows("lessons", {"position": 1, "title": "One", "published": "on"})
    posted = {"product": first.product_id, "title": "First", "position": 1, "external_id": "", **lessons}
    client.post(f"{ADMIN}category/{first.pk}/change/", posted)

    product = Product.objects.get()
    assert [each.title for each in product.categories.order_by("position")] == ["First", "Second"]
    assert Lesson.objects.get().category == first
    assert "Published" in visit.text(client, f"{ADMIN}product/")


def test_staff_give_an_offer_take_it_away_and_give_it_again() -> None:
    client, anna, offer = visit.boss(), contacts.contact(first_name="Anna"), make.offer(make.course())
    given = {"contact": anna.pk, "offer": offer.pk, "reason": "asked"}

    client.post(f"{ADMIN}access/add/", given)
    client.post(f"{ADMIN}access/add/", given)
    access = Access.objects.get()
    said = visit.pressed(client, f"{ADMIN}access/{access.pk}/do/take-away/", said="not paid")
    visit.pressed(client, f"{ADMIN}access/{access.pk}/do/give-again/")

    assert said.endswith("Taken away. What was learned is kept.")
    assert make.types() == [
        "offer_access_granted", "product_access_granted", "offer_access_granted", "offer_access_removed",
        "product_access_removed", "offer_access_granted", "product_access_granted",
    ]  # fmt: skip
    assert set(Event.objects.filter(type__startswith="course.").values_list("actor", flat=True)) == {"user"}
    assert "Active" in visit.text(client, f"{ADMIN}access/")


def test_an_access_is_not_changed_or_deleted() -> None:
    granting.grant(contacts.contact(), make.offer())
    access, client = Access.objects.get(), visit.boss()

    assert client.post(f"{ADMIN}access/{access.pk}/change/", {"reason": "x"}).status_code == 403
    assert client.post(f"{ADMIN}access/{access.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("given", [{}, {"contact": 999, "offer": 999}])
def test_what_does_not_fit_is_refused_at_its_field(given: dict[str, int]) -> None:
    answer = visit.boss().post(f"{ADMIN}access/add/", given)

    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == {"contact", "offer"}
    assert not Access.objects.exists()


def test_an_enrolment_shows_how_far_somebody_is() -> None:
    anna, product = contacts.contact(), make.course(lessons=2)
    learning.note(anna, make.lessons_of(product)[0], "completed", make.at(9))
    row, client = learning.Enrolment.objects.get(), visit.boss()

    assert "50 %" in visit.text(client, f"{ADMIN}enrolment/")
    page = visit.text(client, f"{ADMIN}enrolment/{row.pk}/change/")
    assert "50 %: 1 of 2 lessons are done." in page
    assert "Lesson 1.1" in page


def test_staff_issue_a_certificate_once_and_revoke_it() -> None:
    client, anna, template = visit.boss(), contacts.contact(), make.template(make.course())
    given = {"contact": anna.pk, "template": template.pk}

    client.post(f"{ADMIN}certificate/add/", given)
    again = client.post(f"{ADMIN}certificate/add/", given)
    row = Certificate.objects.get()
    said = visit.pressed(client, f"{ADMIN}certificate/{row.pk}/do/revoke/")

    assert set(again.context["adminform"].form.errors) == {"template"}
    assert said == "Revoked. Its page says so from now on."
    assert "Revoked" in visit.text(client, f"{ADMIN}certificate/")
    assert "Revoked All Yes No" in visit.text(client, f"{ADMIN}certificate/")
    assert visit.text(client, f"{ADMIN}certificate/?revoked_at__isempty=1").count("Anna") == 0


def test_a_template_that_names_what_is_not_there_is_refused_at_its_text() -> None:
    product = make.course()

    answer = visit.boss().post(
        f"{ADMIN}certificatetemplate/add/", {"product": product.pk, "title": "Carer", "text": "{{ contact.nothing }}"}
    )

    assert set(answer.context["adminform"].form.errors) == {"text"}


def test_buttons_ask_for_their_permission() -> None:
    granting.grant(contacts.contact(), make.offer())
    access = Access.objects.get()
    row = certifying.issue(contacts.contact(), make.template(make.course()), make.at(9), uuid4())
    client = visit.staff("view_access", "view_certificate")

    for address in (f"{ADMIN}access/{access.pk}/do/take-away/", f"{ADMIN}certificate/{row.pk}/do/revoke/"):
        assert client.post(address).status_code == 403


@pytest.mark.parametrize("model", ["product", "category", "lesson", "offer", "access", "enrolment", "certificate"])
def test_lists_take_as_many_queries_for_many_rows_as_for_few(model: str, django_assert_max_num_queries: Any) -> None:
    client = visit.boss()
    for number in range(6):
        product = make.course(f"Course {number}")
        template = make.template(product, title=f"Template {number}")
        who = make.learner(product, email=f"p{number}@example.org")
        learning.note(who, make.lessons_of(product)[0], "completed", make.at(9))
        certifying.issue(who, template, make.at(9), uuid4())

    with django_assert_max_num_queries(25):
        client.get(f"{ADMIN}{model}/")

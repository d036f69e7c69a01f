"""Courses in the admin."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

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


def test_an_access_is_not_deleted_and_nothing_of_it_but_its_end_is_changed() -> None:
    granting.grant(contacts.contact(), make.offer(), "bought")
    access, client = Access.objects.get(), visit.boss()

    client.post(f"{ADMIN}access/{access.pk}/change/", {"reason": "x", "grants": "7", **end(None)})

    access.refresh_from_db()
    assert (access.reason, access.grants, access.expires_at) == ("bought", 1, None)
    assert client.post(f"{ADMIN}access/{access.pk}/delete/", {"post": "yes"}).status_code == 403


def end(until: datetime | None, was: datetime | None = None) -> dict[str, str]:
    """What the form posts as the end, and as the one that stood there when the page was opened."""
    posted = {}
    for name, moment in (("expires_at", until), ("initial-expires_at", was)):
        shown = timezone.localtime(moment) if moment else None
        posted[f"{name}_0"] = shown.date().isoformat() if shown else ""
        posted[f"{name}_1"] = shown.time().isoformat("seconds") if shown else ""
    return posted


def test_staff_move_the_end_of_an_access_and_what_opens_and_closes_is_told() -> None:
    anna, offer, now = contacts.contact(), make.offer(make.course(), access_days=30), timezone.now()
    access, client = granting.grant(anna, offer, "bought", now - timedelta(days=3)), visit.boss()
    page = f"{ADMIN}access/{access.pk}/change/"

    told = []
    for until in (now + timedelta(days=60), now - timedelta(days=1), now + timedelta(days=7)):
        before = len(make.types())
        assert client.post(page, end(until)).status_code == 302
        told.append(make.types()[before:])

    assert told == [
        [],
        ["offer_access_removed", "product_access_removed"],
        ["offer_access_granted", "product_access_granted"],
    ]
    access.refresh_from_db()
    assert access.expires_at == (now + timedelta(days=7)).replace(microsecond=0)
    assert Event.objects.filter(type="course.offer_access_removed").get().actor == "user"


def test_an_end_before_the_beginning_is_refused_at_its_field() -> None:
    access = granting.grant(contacts.contact(), make.offer(access_days=2))
    until = access.expires_at

    answer = visit.boss().post(f"{ADMIN}access/{access.pk}/change/", end(access.granted_at - timedelta(days=1)))

    [error] = answer.context["adminform"].form.errors["expires_at"]
    assert error.startswith("That is before it began, on ")
    access.refresh_from_db()
    assert access.expires_at == until
    assert make.types() == ["offer_access_granted"]


def test_a_form_saved_as_it_stood_gives_nothing_anew() -> None:
    anna, offer = contacts.contact(), make.offer(access_days=2)
    access = granting.grant(anna, offer)
    granting.revoke(anna, offer, "not paid")

    visit.boss().post(f"{ADMIN}access/{access.pk}/change/", end(access.expires_at, access.expires_at))

    row = Access.objects.get()
    assert (row.expires_at, row.grants, row.reason) == (access.expires_at, 1, "not paid")
    assert row.removed_at is not None


def test_a_form_saved_as_it_was_opened_does_not_undo_what_happened_since() -> None:
    access, client = granting.grant(contacts.contact(), make.offer(access_days=2)), visit.boss()
    page, opened = f"{ADMIN}access/{access.pk}/change/", access.expires_at
    assert 'name="initial-expires_at_0"' in client.get(page).content.decode()
    later = granting.end_at(access, opened + timedelta(days=30)).expires_at

    assert client.post(page, end(opened, opened)).status_code == 302

    assert Access.objects.get().expires_at == later


def test_who_may_only_look_at_accesses_moves_no_end() -> None:
    access = granting.grant(contacts.contact(), make.offer())
    page = f"{ADMIN}access/{access.pk}/change/"

    assert visit.staff("view_access").post(page, end(timezone.now() + timedelta(days=1))).status_code == 403
    assert Access.objects.get().expires_at is None


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

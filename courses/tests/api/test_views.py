"""Courses over the API: what is taught, who may, how far they are, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from contacts.tests import make as contacts
from courses import certifying, granting, learning
from courses.models import Access, Certificate, Enrolment
from courses.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
SCOPES = ("courses", "course-offers", "course-accesses", "course-enrolments", "certificate-templates", "certificates",
          "course-members")  # fmt: skip


@pytest.fixture
def api() -> Any:
    return calls.client(*(f"{scope}:{way}" for scope in SCOPES for way in ("read", "write")))


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 400, answer.json()
    return {error["field"].partition("[")[0] for error in answer.json()["errors"]}


def test_a_course_is_made_with_its_parts_and_an_offer(api: Any) -> None:
    course = api.post(f"{V1}courses/", {"title": "Care of oak", "published": True}).json()
    category = api.post(f"{V1}course-categories/", {"course": "care_of_oak", "title": "Oil", "position": 1}).json()
    lesson = api.post(f"{V1}lessons/", {"category": category["id"], "title": "One", "external_id": "L-1"}).json()
    offer = api.post(f"{V1}course-offers/", {"title": "All", "courses": ["care_of_oak"], "access_days": 30}).json()
    renamed = api.patch(f"{V1}courses/{course['id']}/", {"title": "Oak", "key": "x"}).json()

    assert (course["key"], renamed["key"], renamed["title"]) == ("care_of_oak", "care_of_oak", "Oak")
    assert (lesson["key"], lesson["published"]) == ("one", True)
    assert (offer["courses"], offer["open"]) == (["care_of_oak"], False)
    assert [row["id"] for row in api.get(f"{V1}lessons/", {"external_id": "L-1"}).json()["results"]] == [lesson["id"]]
    assert "body" not in api.get(f"{V1}lessons/").json()["results"][0]


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("courses/", {}, "title"), ("courses/", {"title": "x" * 161}, "title"),
        ("courses/", {"title": "New", "external_id": "taken"}, "external_id"),
        ("course-categories/", {"title": "x"}, "course"), ("course-categories/", {"title": "x", "course": "none"}, "course"),
        ("lessons/", {"title": "x"}, "category"), ("lessons/", {"title": "x", "category": 0}, "category"),
        ("lessons/", {"title": "x", "category": "first", "video_url": "javascript:alert(1)"}, "video_url"),
        ("lessons/", {"title": "x", "category": "first", "position": -1}, "position"),
        ("course-offers/", {"title": "x"}, "courses"), ("course-offers/", {"title": "x", "courses": ["none"]}, "courses"),
        ("course-offers/", {"title": "x", "courses": ["oiling"], "access_days": 0}, "access_days"),
        ("course-accesses/", {"offer": "all_of_it"}, "contact"), ("course-accesses/", {"contact": 0, "offer": "x"}, "offer"),
        ("certificate-templates/", {"title": "x", "course": "oiling"}, "text"),
        ("certificate-templates/", {"title": "x", "course": "oiling", "text": "{{ contact.nothing }}"}, "text"),
        ("certificates/", {"template": "none"}, "template"), ("certificates/", {"contact": "x"}, "contact"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(api: Any, address: str, body: dict[str, Any], field: str) -> None:
    product = make.course(external_id="taken")
    make.offer(product)
    if body.get("category") == "first":
        body = {**body, "category": product.categories.get().pk}

    assert field in fields(api.post(f"{V1}{address}", body))


def test_an_offer_is_granted_again_and_revoked(api: Any) -> None:
    anna = contacts.contact()
    make.offer(make.course())
    body = {"contact": anna.pk, "offer": "all_of_it", "reason": "bought"}

    first, again = api.post(f"{V1}course-accesses/", body), api.post(f"{V1}course-accesses/", body)
    gone = api.post(f"{V1}course-accesses/{first.json()['id']}/revoke/", {"reason": "not paid"})

    assert (first.status_code, again.status_code, again.json()["grants"]) == (201, 201, 2)
    assert first.json()["id"] == again.json()["id"] == Access.objects.get().pk
    assert (gone.status_code, gone.json()["removals"], gone.json()["reason"]) == (200, 1, "not paid")
    assert api.get(f"{V1}course-accesses/", {"active": "true"}).json()["results"] == []
    assert len(api.get(f"{V1}course-accesses/", {"contact": anna.pk, "offer": "all_of_it"}).json()["results"]) == 1


def test_the_end_of_an_access_is_moved(api: Any) -> None:
    anna, now = contacts.contact(), timezone.now()
    access = granting.grant(anna, make.offer(make.course()), "bought", now - timedelta(days=5))
    address = f"{V1}course-accesses/{access.pk}/"

    later = api.patch(address, {"expires_at": (now + timedelta(days=5)).isoformat()}).json()
    over = api.patch(address, {"expires_at": (now - timedelta(days=1)).isoformat()}).json()
    anew = api.patch(address, {"expires_at": None}).json()

    assert (later["grants"], later["removals"], later["reason"]) == (1, 0, "bought")
    assert (over["removals"], over["removed_at"] is None) == (1, False)
    assert (anew["grants"], anew["expires_at"], anew["removed_at"]) == (2, None, None)
    assert make.types()[-4:] == [
        "offer_access_removed", "product_access_removed", "offer_access_granted", "product_access_granted",
    ]  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"expires_at": "soon"}, {"expires_at": "2001-01-01T00:00:00Z"}])
def test_an_end_that_does_not_fit_is_refused_at_its_field(api: Any, body: dict[str, str]) -> None:
    access = granting.grant(contacts.contact(), make.offer())

    assert fields(api.patch(f"{V1}course-accesses/{access.pk}/", body)) == {"expires_at"}
    assert Access.objects.get().expires_at is None


def test_what_somebody_holds_or_learned_is_a_conflict_to_delete(api: Any) -> None:
    product = make.course()
    offer = make.offer(product)
    granting.grant(contacts.contact(), offer)

    assert api.delete(f"{V1}course-offers/{offer.pk}/").status_code == 409
    assert api.delete(f"{V1}courses/{product.pk}/").status_code == 409


def test_courses_put_into_an_offer_open_for_who_holds_it(api: Any) -> None:
    offer, product, anna = make.offer(make.course()), make.course("Sanding"), contacts.contact()
    granting.grant(anna, offer)

    api.patch(f"{V1}course-offers/{offer.pk}/", {"courses": ["sanding"]})

    assert granting.holds(anna.pk, product, timezone.now())
    assert make.types()[-2:] == ["product_access_removed", "product_access_granted"]


def outside(**fields: Any) -> Any:
    lesson = make.lessons_of(make.course(lessons=1, **{"external_id": "C-1", **fields}))[0]
    lesson.external_id = "L-17"
    lesson.save()
    return lesson


def test_a_system_outside_reports_progress_by_its_numbers(api: Any) -> None:
    outside()
    anna = contacts.contact(email="anna@example.org")
    report = {
        "email": "Anna@example.org",
        "lesson": "L-17",
        "state": "completed",
        "occurred_at": "2026-03-04T10:00:00Z",
    }

    first, again = api.post(f"{V1}courses/progress/", report), api.post(f"{V1}courses/progress/", report)
    late = api.post(f"{V1}courses/progress/", {**report, "state": "started", "occurred_at": "2026-03-04T09:00:00Z"})

    assert (first.status_code, again.json(), first.json()["progress_pct"]) == (200, first.json(), 100)
    assert late.json()["started_at"] == "2026-03-04T09:00:00Z"
    assert late.json()["completed_at"] == "2026-03-04T10:00:00Z"
    assert make.types() == [
        "product_started", "category_started", "lesson_completed", "category_completed", "product_completed",
    ]  # fmt: skip
    assert Enrolment.objects.get().contact == anna


@pytest.mark.parametrize(
    ("report", "field"),
    [
        ({"contact": None}, "contact"), ({"email": "anna@example.org"}, "contact"),
        ({"contact": None, "email": "nobody@example.org"}, "email"), ({"contact": None, "email": "anna"}, "email"),
        ({"contact": 0}, "contact"), ({"lesson": None}, "lesson"), ({"course": "C-1"}, "lesson"),
        ({"lesson": "L-18"}, "lesson"), ({"lesson": None, "course": "C-2"}, "course"),
        ({"lesson": None, "category": "K-1"}, "category"), ({"state": "opened"}, "state"), ({"state": None}, "state"),
        ({"occurred_at": "soon"}, "occurred_at"), ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
    ],
)  # fmt: skip
def test_a_report_that_does_not_fit_is_refused_at_its_field(api: Any, report: dict[str, Any], field: str) -> None:
    outside()
    whole = {"contact": contacts.contact().pk, "lesson": "L-17", "state": "completed", **report}

    answer = api.post(f"{V1}courses/progress/", {name: value for name, value in whole.items() if value is not None})

    assert fields(answer) == {field}
    assert not Enrolment.objects.exists()


def test_progress_in_a_course_that_is_taught_here_needs_access(api: Any) -> None:
    lesson, anna = outside(external_id=None), contacts.contact()
    report = {"contact": anna.pk, "lesson": "L-17", "state": "started"}

    refused = api.post(f"{V1}courses/progress/", report)
    granting.grant(anna, make.offer(lesson.category.product))

    assert fields(refused) == {"contact"}
    assert api.post(f"{V1}courses/progress/", report).status_code == 200


def test_a_system_outside_reports_sign_ins(api: Any) -> None:
    anna, at = contacts.contact(email="anna@example.org"), timezone.now() - timedelta(hours=3)
    report = {"email": "Anna@example.org", "number": "S-1", "occurred_at": at.isoformat()}

    first, again = api.post(f"{V1}courses/logins/", report), api.post(f"{V1}courses/logins/", report)
    now = api.post(f"{V1}courses/logins/", {"contact": anna.pk})

    assert (first.status_code, first.json()["logins"], again.json()) == (200, 1, first.json())
    assert (now.json()["contact"], now.json()["logins"]) == (anna.pk, 2)
    assert make.types() == ["user_login", "user_login"]


@pytest.mark.parametrize(
    ("report", "field"),
    [
        ({"contact": None}, "contact"), ({"email": "anna@example.org"}, "contact"),
        ({"contact": None, "email": "nobody@example.org"}, "email"), ({"number": "x" * 161}, "number"),
        ({"occurred_at": "soon"}, "occurred_at"), ({"occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "2001-01-01T00:00:00Z"}, "occurred_at"),
    ],
)  # fmt: skip
def test_a_sign_in_that_does_not_fit_is_refused_at_its_field(api: Any, report: dict[str, Any], field: str) -> None:
    whole = {"contact": contacts.contact().pk, "number": "S-1", **report}

    answer = api.post(f"{V1}courses/logins/", {name: value for name, value in whole.items() if value is not None})

    assert fields(answer) == {field}
    assert make.types() == []


def test_a_key_without_the_scope_or_the_permission_reports_nothing() -> None:
    outside()
    report = {"contact": contacts.contact().pk, "lesson": "L-17", "state": "started"}
    weak = calls.client(
        "courses:write", user=calls.with_permissions(make.contacts.user("weak"), "courses.view_product")
    )

    for way in ("progress", "logins"):
        assert calls.client("courses:read").post(f"{V1}courses/{way}/", report).status_code == 403
        assert weak.post(f"{V1}courses/{way}/", report).status_code == 403


def test_enrolments_and_progress_are_read_and_narrowed(api: Any) -> None:
    product, anna, ben = make.course(lessons=2), contacts.contact(), contacts.contact(email="ben@example.org")
    for who, lessons in ((anna, 2), (ben, 1)):
        for lesson in make.lessons_of(product)[:lessons]:
            learning.note(who, lesson, "completed", make.at(9))

    def found(address: str, **asked: Any) -> list[Any]:
        return api.get(f"{V1}{address}/", asked).json()["results"]

    assert {row["contact"]: row["progress_pct"] for row in found("course-enrolments")} == {anna.pk: 100, ben.pk: 50}
    assert [row["contact"] for row in found("course-enrolments", completed="true")] == [anna.pk]
    assert [row["contact"] for row in found("course-enrolments", completed="false", course="oiling")] == [ben.pk]
    assert found("course-enrolments", has_access="true") == []
    assert len(found("lesson-progress", contact=anna.pk)) == 2
    assert len(found("category-progress", contact=ben.pk)) == 1
    assert api.post(f"{V1}course-enrolments/", {}).status_code == 405


def test_a_certificate_is_issued_once_and_revoked_once(api: Any) -> None:
    anna, now = contacts.contact(), timezone.now()
    make.template(make.course(), valid_days=3)
    body = {"contact": anna.pk, "template": "carer"}

    first, again = api.post(f"{V1}certificates/", body).json(), api.post(f"{V1}certificates/", body).json()
    gone = api.post(f"{V1}certificates/{first['id']}/revoke/")

    row = Certificate.objects.get()
    assert first["id"] == again["id"] == row.pk
    assert first["address"].endswith(f"/certificate/{row.number}/")
    assert row.expires_at > now + timedelta(days=2)
    assert gone.json()["revoked_at"] is not None
    assert api.post(f"{V1}certificates/{first['id']}/revoke/").status_code == 422
    assert len(api.get(f"{V1}certificates/", {"number": row.number}).json()["results"]) == 1


def test_members_are_read(api: Any) -> None:
    anna = contacts.contact()
    make.browser(anna)

    assert [row["contact"] for row in api.get(f"{V1}course-members/", {"contact": anna.pk}).json()["results"]] == [
        anna.pk
    ]


@pytest.mark.parametrize(
    "address",
    ["courses", "course-categories", "lessons", "course-offers", "course-accesses", "course-enrolments",
     "lesson-progress", "category-progress", "certificate-templates", "certificates", "course-members"],
)  # fmt: skip
def test_lists_take_as_many_queries_for_many_rows_as_for_few(
    api: Any, address: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        product = make.course(f"Course {number}")
        who = make.learner(product, email=f"p{number}@example.org")
        make.browser(who)
        learning.note(who, make.lessons_of(product)[0], "completed", make.at(9))
        certifying.issue(who, make.template(product, title=f"T {number}"), make.at(9), uuid4())

    with django_assert_max_num_queries(8):
        answer = api.get(f"{V1}{address}/")

    assert len(answer.json()["results"]) >= 6

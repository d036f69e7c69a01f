"""`/learn/c/…`: taking a course, and who may."""

from typing import Any

import pytest
from django.test import Client

from contacts.tests import make as contacts
from courses import granting
from courses.models import Certificate, LessonProgress
from courses.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def words(client: Client, address: str) -> str:
    return visit.words(client.get(address).content.decode())


def test_a_member_takes_a_course_from_the_first_lesson_to_the_certificate() -> None:
    product = make.course(lessons=2)
    make.template(product, on_completion=True)
    anna = make.learner(product, first_name="Anna")
    client, (first, second) = make.browser(anna), make.lessons_of(product)

    begun = words(client, "/learn/c/oiling/")
    onward = client.post(make.page_of(first))
    halfway = words(client, "/learn/c/oiling/")
    end = client.post(make.page_of(second))
    done = words(client, "/learn/c/oiling/")

    assert "Begin" in begun
    assert onward["Location"] == make.page_of(second)
    assert "50 %, 1 of 2 lessons" in halfway
    assert end["Location"] == "/learn/c/oiling/"
    assert "You have completed this course." in done
    assert "Certificate: Carer" in done
    number = Certificate.objects.get().number
    assert "Anna knows all about Oiling." in words(client, f"/learn/certificate/{number}/")


def test_a_lesson_shows_its_text_and_runs_nothing_of_it() -> None:
    product = make.course(lessons=1)
    [lesson] = make.lessons_of(product)
    lesson.body = "One.\n\n<script>alert(1)</script> https://example.org/oil {{ contact.email }}"
    lesson.save()

    page = make.browser(make.learner(product)).get(make.page_of(lesson)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<a href="https://example.org/oil"' in page
    assert "{{ contact.email }}" in page


def test_a_film_is_played_and_another_address_is_a_link() -> None:
    product = make.course(lessons=2)
    film, other = make.lessons_of(product)
    film.video_url, other.video_url = "https://films.example.org/oil.mp4?x=1", "https://video.example.org/watch?v=1"
    film.save()
    other.save()
    client = make.browser(make.learner(product))

    played, linked = client.get(make.page_of(film)), client.get(make.page_of(other))

    assert "<video" in played.content.decode()
    assert "media-src 'self' https://films.example.org/oil.mp4" in played["Content-Security-Policy"]
    assert "<video" not in linked.content.decode()
    assert "media-src" not in linked["Content-Security-Policy"]


def test_opening_ahead_and_head_begin_nothing() -> None:
    product = make.course(lessons=1)
    [lesson] = make.lessons_of(product)
    client = make.browser(make.learner(product))

    client.head(make.page_of(lesson))
    client.get(make.page_of(lesson), headers={"Sec-Purpose": "prefetch"})

    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_access_it_is_refused_in_words_and_nothing_is_begun(method: str) -> None:
    product = make.course(lessons=1)
    [lesson] = make.lessons_of(product)
    client = make.browser(contacts.contact())

    answers = [getattr(client, method)(make.page_of(lesson)), client.get("/learn/c/oiling/")]

    assert [each.status_code for each in answers] == [403, 403]
    assert "You have no access to this course" in answers[0].content.decode()
    assert make.types() == []


def test_access_that_was_taken_away_closes_the_pages_at_once() -> None:
    product = make.course(lessons=1)
    anna, offer = contacts.contact(), make.offer(product)
    granting.grant(anna, offer)
    client = make.browser(anna)

    before = client.get("/learn/c/oiling/").status_code
    granting.revoke(anna, offer)

    assert (before, client.get("/learn/c/oiling/").status_code) == (200, 403)
    assert "No course is open to you" in words(client, "/learn/")


def test_nobody_who_is_not_signed_in_sees_anything() -> None:
    product = make.course(lessons=1)
    [lesson] = make.lessons_of(product)

    for address in ("/learn/c/oiling/", make.page_of(lesson), "/learn/certificate/abc/"):
        answer = Client().get(address)
        assert answer.status_code == 403
        assert "Sign in to go on" in answer.content.decode()


def test_what_is_not_published_is_not_there() -> None:
    product = make.course(lessons=2)
    hidden, shown = make.lessons_of(product)
    hidden.published = False
    hidden.save()
    other = make.course("Sanding", published=False)
    anna = make.learner(product)
    granting.grant(anna, make.offer(other, title="Sanding"))
    client = make.browser(anna)

    assert hidden.title not in words(client, "/learn/c/oiling/")
    assert client.get(make.page_of(hidden)).status_code == 404
    assert client.get(make.page_of(shown)).status_code == 200
    assert client.get("/learn/c/sanding/").status_code == 404
    assert "Sanding" not in words(client, "/learn/")


@pytest.mark.parametrize("address", ["/learn/c/none/", "/learn/c/oiling/999/", "/learn/c/sanding/1/"])
def test_an_address_that_leads_nowhere_says_so(address: str) -> None:
    assert make.browser(make.learner(make.course())).get(address).status_code == 404


def test_a_lesson_goes_by_the_address_of_its_own_course() -> None:
    product, other = make.course(), make.course("Sanding")
    anna = make.learner(product)
    lesson = make.lessons_of(other)[0]

    assert make.browser(anna).get(f"/learn/c/oiling/{lesson.pk}/").status_code == 404


def test_nobody_sees_the_certificate_of_another_in_their_own_area() -> None:
    product = make.course(lessons=1)
    make.template(product, on_completion=True)
    anna, ben = make.learner(product), make.learner(product, email="ben@example.org")
    make.browser(anna).post(make.page_of(make.lessons_of(product)[0]))

    assert make.browser(ben).get(f"/learn/certificate/{Certificate.objects.get().number}/").status_code == 404


def test_a_long_course_takes_as_many_queries_as_a_short_one(django_assert_max_num_queries: Any) -> None:
    product = make.course(categories=6, lessons=6)
    client = make.browser(make.learner(product))

    with django_assert_max_num_queries(16):
        client.get("/learn/c/oiling/")

"""Two at once complete the last lesson, use one link, take the last offer: one of them does it, on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from contacts.tests import make as contacts
from courses import granting, learning, members
from courses.models import Certificate, Enrolment, Member
from courses.tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Runs the jobs side by side, each with a connection of its own; what each gave or raised."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            gate.wait()
            return job()
        except (members.NoLongerGood, OperationalError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


def test_two_last_lessons_complete_the_course_once_with_one_certificate() -> None:
    product = make.course(categories=2, lessons=1)
    make.template(product, on_completion=True)
    anna, (first, second) = contacts.contact(), make.lessons_of(product)

    done = at_once(
        lambda: learning.note(anna, first, "completed", make.at(9)),
        lambda: learning.note(anna, second, "completed", make.at(10)),
    )

    # SQLite has one writer: who waited too long says so, and is asked again.
    for lesson, answer in zip((first, second), done, strict=True):
        if isinstance(answer, OperationalError):
            learning.note(anna, lesson, "completed", make.at(10))
    assert make.types().count("product_completed") == make.types().count("product_started") == 1
    assert make.types().count("certificate_issued") == Certificate.objects.count() == 1


def test_the_last_lesson_marked_twice_at_once_completes_the_course_once() -> None:
    product = make.course(lessons=1)
    make.template(product, on_completion=True)
    anna, [lesson] = contacts.contact(), make.lessons_of(product)

    at_once(*[lambda: learning.note(anna, lesson, "completed", make.at(9))] * 4)

    assert make.types().count("product_completed") == make.types().count("lesson_completed") == 1
    assert Certificate.objects.count() == 1


def test_one_link_signs_in_once() -> None:
    anna, now = contacts.contact(), timezone.now()
    token = members.link(anna.pk, 0, now).rstrip("/").rpartition("/")[2]

    done = at_once(*[lambda: members.sign_in(token, now)] * 4)

    assert sum(isinstance(each, Member) for each in done) == 1
    assert (Member.objects.get().logins, make.types()) == (1, ["user_login"])


def test_two_offers_taken_at_once_close_the_course() -> None:
    product, anna = make.course(), contacts.contact()
    offers = [make.offer(product), make.offer(product, title="Other")]
    for offer in offers:
        granting.grant(anna, offer)

    done = at_once(lambda: granting.revoke(anna, offers[0]), lambda: granting.revoke(anna, offers[1]))

    for offer, answer in zip(offers, done, strict=True):
        if isinstance(answer, OperationalError):
            granting.revoke(anna, offer)
    assert Enrolment.objects.get().access_since is None
    assert make.types().count("product_access_removed") == 1

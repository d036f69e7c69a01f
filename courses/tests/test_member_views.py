"""`/learn/`: signing in and out, and what is mine."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from contacts.tests import make as contacts
from conversations.models import MailboxMail
from courses import learning, members, public
from courses.models import Member
from courses.tests import make
from triggers import sweeping
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_yet(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def page(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    return answer.status_code, visit.words(answer.content.decode())


def test_a_member_asks_for_a_link_gets_it_and_signs_in() -> None:
    make.learner(make.course("Oiling"), email="anna@example.org", first_name="Anna")
    client = Client()

    client.post("/learn/", {"email": "anna@example.org"})
    sweeping.drain()
    [letter] = mail.outbox
    address = re.search(r"/learn/in/\S+/", letter.body)[0]
    before = page(client, address)
    entered = client.post(address, follow=True)

    assert letter.to == ["anna@example.org"]
    assert "Good day, Anna" in before[1]
    assert "Oiling" in entered.content.decode()
    assert "0 %, 0 of 2 lessons" in page(client, "/learn/")[1]
    cookie = client.cookies[public.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/learn/", True, "Lax")


def test_looking_at_a_link_uses_nothing_up() -> None:
    anna = contacts.contact()
    address = members.link(anna.pk, 0, timezone.now()).partition("/learn")
    for _time in range(2):
        assert Client().get(f"/learn{address[2]}").status_code == 200

    assert not Member.objects.exists()
    assert make.types() == []


def test_the_answer_is_the_same_whether_the_address_is_known_or_not() -> None:
    make.learner(make.course(), email="anna@example.org")

    known, unknown = (Client().post("/learn/", {"email": f"{name}@example.org"}) for name in ("anna", "nobody"))

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    told = [{name: each[name] for name in each.headers if name != "X-Request-Id"} for each in (known, unknown)]
    assert told[0] == told[1]


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a@b@c", "x" * 300])
def test_what_is_no_address_is_told_at_its_field(email: str) -> None:
    answer = Client().post("/learn/", {"email": email})

    assert answer.status_code == 422
    assert "Enter an e-mail address" in answer.content.decode()


def test_what_fills_in_the_field_that_nobody_sees_gets_nothing() -> None:
    make.learner(make.course(), email="anna@example.org")

    answer = Client().post("/learn/", {"email": "anna@example.org", public.TRAP: "x"})
    sweeping.drain()

    assert (answer.status_code, mail.outbox) == (200, [])


def test_a_used_link_says_so_and_a_forged_one_is_not_there() -> None:
    anna, now = contacts.contact(), timezone.now()
    address = "/learn" + members.link(anna.pk, 0, now).partition("/learn")[2]
    Client().post(address)

    for used in (Client().get(address), Client().post(address)):
        assert used.status_code == 410
        assert "used already" in used.content.decode()
    assert [Client().get("/learn/in/1-0-1:forged/").status_code, Client().post("/learn/in/x/").status_code] == [
        404,
        404,
    ]


def test_a_double_click_on_the_button_still_signs_in() -> None:
    anna, client = contacts.contact(), Client()
    address = "/learn" + members.link(anna.pk, 0, timezone.now()).partition("/learn")[2]

    first, second = client.post(address), client.post(address)

    assert [first.status_code, second.status_code, second["Location"]] == [302, 302, "/learn/"]
    assert Member.objects.get().logins == 1


def test_signing_out_ends_every_session() -> None:
    anna = make.learner(make.course())
    here, there = make.browser(anna), make.browser(anna)

    here.get("/learn/out/")
    still = there.get("/learn/").content.decode()
    here.post("/learn/out/")

    assert "My courses" in still
    assert "Mail me a link" in there.get("/learn/").content.decode()


def test_posts_without_our_token_are_refused() -> None:
    anna = make.learner(make.course())
    lesson = learning.Lesson.objects.select_related("category__product")[0]
    client = Client(enforce_csrf_checks=True)
    client.cookies = make.browser(anna).cookies

    answers = [
        client.post(make.page_of(lesson)),
        client.post("/learn/out/"),
        client.post("/learn/", {"email": "a@b.de"}),
    ]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert not learning.LessonProgress.objects.exists()


def test_asking_often_is_told_to_wait() -> None:
    most = public.pages.acts_a_minute

    answers = [Client().post("/learn/", {"email": "anna@example.org"}) for _time in range(most + 1)]

    assert [each.status_code for each in answers] == [200] * most + [429]
    assert answers[-1]["Retry-After"]


def test_nobody_elses_page_is_kept_or_listed() -> None:
    answer = make.browser(make.learner(make.course())).get("/learn/")

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert visit.refused_by_policy(answer.content.decode()) == []
    assert Client().put("/learn/").status_code == 405


def test_it_speaks_the_members_language() -> None:
    anna = make.learner(make.course(), language="de")

    assert "Meine Kurse" in page(make.browser(anna), "/learn/")[1]


def test_many_courses_take_as_many_queries_as_one(django_assert_max_num_queries: Any) -> None:
    anna = make.learner(make.course())
    for number in range(8):
        product = make.course(f"Course {number}")
        learning.note(anna, product, "started", make.at(9))
        members.granting.grant(anna, make.offer(product, title=product.title))
    client = make.browser(anna)

    with django_assert_max_num_queries(14):
        told = page(client, "/learn/")[1]

    assert told.count("of 2 lessons") == 9


def test_the_default_mailbox_keeps_the_letter(settings: Any) -> None:
    settings.EMAIL_BACKEND = "conversations.mailbox.MailboxBackend"
    make.learner(make.course(), email="anna@example.org")

    Client().post("/learn/", {"email": "anna@example.org"})
    sweeping.drain()

    assert MailboxMail.objects.get().subject.startswith("Your courses at")

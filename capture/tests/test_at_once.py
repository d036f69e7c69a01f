"""Several at once: one form sent, one link followed, one view reported, each counts once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from capture import links, visitors
from capture.models import LinkClick, PageView, Site, Submission, TriggerLink
from capture.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
SENDERS = 8


def at_once(send: Callable[[], Any]) -> list[int]:
    """The answers' status codes of so many at once."""

    def one(_n: int) -> int:
        try:
            return int(send().status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(one, range(SENDERS)))


def browser(method: str, address: str, *data: Any, **headers: str) -> Any:
    client = Client(raise_request_exception=False)
    kind = {"content_type": "text/plain"} if address == "/b/" else {}
    return getattr(client, method)(address, *data, **kind, headers={"User-Agent": make.BROWSER, **headers})


def test_a_form_that_is_sent_several_times_at_once_counts_once() -> None:
    form = make.form()
    answers = {"_state": make.opened(form), "first_name": "Anna", "email": "anna@example.org"}

    found = at_once(lambda: browser("post", "/f/visit-us/", answers))

    assert set(found) <= {200, 503}
    assert 200 in found
    assert (Submission.objects.count(), Contact.objects.count()) == (1, 1)
    assert Event.objects.filter(type="form.submitted").count() == 1


def test_people_who_send_at_once_each_count_and_are_one_contact_each() -> None:
    form = make.form()
    states = [make.opened(form) for _n in range(SENDERS)]

    found = at_once(lambda: browser("post", "/f/visit-us/", {
        "_state": states.pop(), "first_name": "Anna", "email": "anna@example.org",
    }))  # fmt: skip

    assert set(found) <= {200, 503}
    assert Submission.objects.count() == Event.objects.filter(type="form.submitted").count() == found.count(200)
    assert Contact.objects.count() == 1


def test_a_link_that_is_followed_several_times_at_once_counts_once() -> None:
    link = TriggerLink.objects.create(name="A", destination="https://www.example.com")
    anna = contacts.contact(first_name="Anna")

    found = at_once(lambda: browser("get", f"/l/{links.token(link.pk, anna.pk)}/"))

    assert found == [302] * SENDERS
    assert LinkClick.objects.count() <= 2  # two tens of seconds of the clock, at most
    assert Event.objects.filter(type="link.clicked").count() == LinkClick.objects.count() >= 1


def test_a_view_that_is_reported_several_times_at_once_counts_once() -> None:
    Site.objects.create(name="Shop", allowed_origins=["https://shop.example"])
    anna = contacts.contact(first_name="Anna")
    given = visitors.token(anna.pk, timezone.now())
    report = {"site": "shop", "view": str(uuid4()), "url": "https://shop.example/", "visitor": given}

    found = at_once(lambda: browser("post", "/b/", json.dumps(report), Origin="https://shop.example"))

    assert set(found) <= {204, 503}
    assert PageView.objects.count() == Event.objects.filter(type="page.viewed").count() == 1

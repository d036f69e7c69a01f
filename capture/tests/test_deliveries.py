"""Deliveries at once, over HTTP against the real database: each taken once, none lost, none over the limit."""

import json
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from capture.models import InboundRequest
from capture.tests import make
from contacts.models import Contact
from triggers.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
Answer = tuple[int, dict[str, Any]]
SENDERS = 10
DELIVERIES = 20


def post(token: str, body: Any, **headers: str) -> Answer:
    answer = make.post(token, body, **headers)
    return answer.status_code, json.loads(answer.content)


def one_by_one(jobs: list[Callable[[], Answer]]) -> list[Answer]:
    return [job() for job in jobs]


def side_by_side(jobs: list[Callable[[], Answer]]) -> list[Answer]:
    """Ten senders at once, each request with a connection of its own."""

    def run(job: Callable[[], Answer]) -> Answer:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


def needs_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time: senders at once are shown on PostgreSQL (DATABASE_URL).")


SENDING = pytest.mark.parametrize(
    "send", [one_by_one, pytest.param(side_by_side, marks=pytest.mark.postgres)], ids=["one by one", "side by side"]
)


@SENDING
@pytest.mark.parametrize("named", [True, False], ids=["with an id", "by content"])
def test_deliveries_sent_five_times_each_are_one_event_each(send: Any, named: bool) -> None:
    if send is side_by_side:
        needs_postgres()
    _webhook, token = make.mapped(per_minute=1000)
    bodies = [
        {"n": n, "contact": {"email": f"lead{n}@example.org", "first_name": f"Lead {n}"}} for n in range(DELIVERIES)
    ]
    jobs = [
        lambda body=body: post(token, body, **({"webhook_id": f"msg_{body['n']}"} if named else {}))
        for body in bodies * 5
    ]
    random.Random(20261120).shuffle(jobs)

    answers = send(jobs)

    assert Counter(status for status, _answer in answers) == {202: 5 * DELIVERIES}
    assert Counter(answer["duplicate"] for _status, answer in answers) == {False: DELIVERIES, True: 4 * DELIVERIES}
    received = make.events()
    assert sorted(event.data["body"]["n"] for event in received) == list(range(DELIVERIES))
    assert InboundRequest.objects.count() == DELIVERIES
    assert sorted(Contact.objects.values_list("email", flat=True)) == sorted(
        body["contact"]["email"] for body in bodies
    )
    assert Event.objects.filter(type="contact.created").count() == DELIVERIES
    # Whichever of the five was taken, all five name its event and its contact.
    told = {(answer["event_id"], answer["contact_id"]) for _status, answer in answers}
    assert told == {(event.pk, event.contact_id) for event in received}


@SENDING
def test_many_deliveries_about_one_person_make_one_contact(send: Any) -> None:
    if send is side_by_side:
        needs_postgres()
    _webhook, token = make.mapped()
    contact = {"email": "mia@example.org", "phone": "+46701740605"}
    jobs = [lambda n=n: post(token, {"n": n, "contact": {**contact, "first_name": f"Mia {n}"}}) for n in range(40)]

    answers = send(jobs)

    assert Counter(status for status, _answer in answers) == {202: 40}
    assert len({answer["contact_id"] for _status, answer in answers}) == 1
    assert Contact.objects.count() == 1
    assert len(make.events()) == 40


@SENDING
def test_the_limit_holds_whoever_the_sender_says_it_is(send: Any) -> None:
    if send is side_by_side:
        needs_postgres()
    _webhook, token = make.webhook(per_minute=20)
    jobs = [lambda n=n: post(token, {"n": n}, x_forwarded_for=f"203.0.113.{n}") for n in range(64)]

    answers = send(jobs)

    statuses = Counter(status for status, _answer in answers)
    assert statuses.keys() == {202, 429}
    assert statuses[202] <= 21
    assert InboundRequest.objects.count() == statuses[202]

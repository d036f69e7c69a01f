"""Deliveries at once, over HTTP against the real database: each taken once, none lost, none over the limit."""

import json
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from providers import working
from providers.models import ProviderDelivery
from providers.receiving import take_in
from providers.tests import make
from providers.tests.signers import CASES, NOW, Case, changed
from triggers import sweeping
from triggers.models import Event

SENDERS = 10
THINGS = 60
Jobs = list[Callable[[], Any]]


def one_by_one(jobs: Jobs) -> list[Any]:
    return [job() for job in jobs]


def side_by_side(jobs: Jobs) -> list[Any]:
    """Ten at once, each with a connection of its own."""
    if database.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time: senders at once are shown on PostgreSQL (DATABASE_URL).")

    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            database.close()

    with ThreadPoolExecutor(SENDERS) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


SENDING = pytest.mark.parametrize(
    "send", [one_by_one, pytest.param(side_by_side, marks=pytest.mark.postgres)], ids=["one by one", "side by side"]
)


@pytest.mark.django_db(transaction=True)
@SENDING
def test_things_sent_five_times_each_are_done_once(tryout, send: Any) -> None:
    """In shuffled batches that overlap, while workers drain meanwhile (reliability, T16).

    Through real web processes: `concours/tests/faults/test_deliveries.py`.
    """
    connection = make.connection(per_minute=100_000)
    chance = random.Random(20261122)
    every = [{"id": f"e{n}"} for n in range(THINGS)] * 5
    chance.shuffle(every)
    batches = [every[start : start + 7] for start in range(0, len(every), 7)]
    posts: Jobs = [lambda batch=batch: make.send(connection, make.signed(batch)).status_code for batch in batches]
    drains: Jobs = [lambda: (working.go_on() and 200) or 200 for _time in range(10)]
    jobs = posts + drains
    chance.shuffle(jobs)

    answers = send(jobs)
    sweeping.drain()

    assert Counter(answers) == {200: len(jobs)}
    assert ProviderDelivery.objects.count() == THINGS
    assert set(ProviderDelivery.objects.values_list("status", "tries")) == {("done", 1)}
    assert Contact.objects.count() == THINGS
    assert Event.objects.filter(type="contact.created").count() == THINGS
    assert sorted(tryout.asked) == sorted({each["id"] for each in every})


@pytest.mark.django_db(transaction=True)
@SENDING
def test_no_more_than_the_limit_gets_in(tryout, send: Any) -> None:
    """T20: forged addresses make no difference."""
    connection = make.connection(per_minute=100)

    def post(n: int) -> int:
        sent = changed(make.signed([{"id": n}]), x_forwarded_for=f"10.0.0.{n}")
        return make.send(connection, sent).status_code

    answers = Counter(send([lambda n=n: post(n) for n in range(120)]))

    assert set(answers) == {200, 429}
    assert answers[200] == ProviderDelivery.objects.count() <= 105


WORDS = [
    "entry", "changes", "field", "value", "id", "leadgen_id", "event", "event-data", "signature", "Type", "Message",
    "MessageId", "TopicArn", "payload", "uri", "uid", "data", "type", "created", "notifications", "owner", "created_time",
    "leadGenFormResponse", "leadAction", "timestamp", "token", "RecordType", "ID", "retryCount", "account", "object",
]  # fmt: skip
SOME = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_proven_bytes_make_a_fault(case: Case) -> None:
    """Whatever a provider may sign: what cannot be read is kept, and nothing answers 500 or breaks the work."""
    connection, sent = make.connection(case.name), case.delivery()

    @settings(max_examples=25, deadline=None)
    @given(body=st.binary(max_size=200) | SOME.map(lambda value: json.dumps(value).encode()))
    def take_and_work(body: bytes) -> None:
        take_in(connection, changed(sent, body=body), NOW)
        while working.go_on(NOW):
            pass

        rows = ProviderDelivery.objects.filter(connection=connection)
        states = set(rows.values_list("status", flat=True))
        assert states <= {"done", "ignored", "quarantined", "failed", "waiting"}
        assert not rows.filter(error__contains="fault of ours").exists(), body

    take_and_work()

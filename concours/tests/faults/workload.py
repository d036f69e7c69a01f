"""What a fleet is given to do, and the questions put to its database. Runs in the fleet's own processes.

One change is a contact, named by its token, and a tag; each starts one run of the workflow "Fault": a database
action, a call outside, and a database action after it. So what was lost or done twice shows by its place.
"""

import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from capture import services as capture
from concours.tests.faults.ledger import Acks
from contacts.models import Contact, Note, Tag, Tagging
from triggers.models import ActionRun, Destination, Event, Run
from triggers.outside import endpoints
from triggers.tests import make

TOKEN = {"token": "{{ contact.first_name }}"}


class Undone(Exception):
    """Raised to roll a transaction back."""


def prepare(url: str, *, keyed: bool = True, trigger: str = "contact.tag_added", sweep_every: int = 1) -> None:
    """Publishes the workflow. `keyed`: the receiver honours keys; else what may have been sent is not repeated."""
    slug = add_receiver("Sink", url)
    if keyed:
        call = make.action("call", "webhook.send", endpoint=slug, data=TOKEN)
    else:
        call = make.action("call", "http.request", method="POST", url=url, body=TOKEN)
    make.workflow(
        make.action("before", "contact.adjust_score", points=1), call,
        make.action("after", "note.create", body="after"), name="Fault",
        triggers=[{"uid": "t1", "event": trigger, "config": {}, "conditions": None}],
    )  # fmt: skip
    Tag.objects.get_or_create(name="fault")
    set_sweep(sweep_every)


def prepare_door(url: str) -> str:
    """As `prepare`, for changes that come in over the web: the inbound webhook's token."""
    mapping = {"first_name": "contact.first_name", "email": "contact.email"}
    _webhook, token = capture.create("Door", mapping=mapping, per_minute=100_000)
    prepare(url, trigger="webhook.received")
    return token


def prepare_waits(seconds: list[int]) -> None:
    """A run for each of these waits, all begun now."""
    tag = {"uid": "t1", "event": "contact.tag_added", "config": {}, "conditions": None}
    for span in sorted(set(seconds)):
        named = tag | {"config": {"tags": [f"wait {span}"]}}
        waits = make.action("w", "wait.duration", seconds=span)
        make.workflow(waits, make.action("a", "note.create", body="woke"), name=f"Wait {span}", triggers=[named])
    for number, span in enumerate(seconds):
        found, _made = Tag.objects.get_or_create(name=f"wait {span}")
        change(f"wait-{number}", found)


def lateness() -> list[float]:
    """For each wait that ended, by how many seconds after its due time; negative where it ended early."""
    ended = ActionRun.objects.filter(uid="w", status="done").select_related("run")
    spans = {done.pk: timedelta(seconds=done.config["seconds"]) for done in ended}
    return [(done.finished_at - done.started_at - spans[done.pk]).total_seconds() for done in ended if done.finished_at]


def prepare_receivers(urls: list[str]) -> None:
    """One workflow for each of these receivers, started by a tag named after its place in the list."""
    for number, url in enumerate(urls):
        trigger = {"uid": "t1", "event": "contact.tag_added", "config": {"tags": [f"r{number}"]}, "conditions": None}
        call = make.action("call", "webhook.send", endpoint=add_receiver(f"R{number}", url), data=TOKEN)
        make.workflow(call, name=f"R{number}", triggers=[trigger])
        Tag.objects.get_or_create(name=f"r{number}")
    set_sweep(1)


def knock(prefix: str, receivers: int, seconds: float, rate: float = 5.0) -> dict[str, float]:
    """`rate` changes a second, for one receiver after the other; when each was committed, by token."""
    tags = {tag.name: tag for tag in Tag.objects.all()}
    committed, began = {}, time.time()
    for number in range(int(seconds * rate)):
        time.sleep(max(0.0, began + number / rate - time.time()))
        token = f"{prefix}-{number}"
        change(token, tags[f"r{number % receivers}"])
        committed[token] = time.time()
    return committed


def add_receiver(name: str, url: str) -> str:
    endpoint, _secret = endpoints.create(name, url)
    return endpoint.slug


def set_sweep(seconds: int) -> None:
    every, _made = IntervalSchedule.objects.get_or_create(every=seconds, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.filter(task="triggers.sweep").update(interval=every)


def write(acks: str, prefix: str, count: int, *, rollbacks: float = 0.0, seed: int = 0, pause: float = 0.0) -> int:
    """Makes `count` changes, a share of them rolled back, and enters each in the ack ledger. How many committed."""
    chance = random.Random(seed)
    tag = Tag.objects.get(name="fault")
    done = 0
    with Acks(acks) as ledger:
        for number in range(count):
            token = f"{prefix}-{number}"
            ledger.begun(token)
            if change(token, tag, undo=chance.random() < rollbacks):
                ledger.committed(token)
                done += 1
            else:
                ledger.rolled_back(token)
            time.sleep(pause)
    return done


def change(token: str, tag: Tag, *, undo: bool = False) -> bool:
    """One change; whether it was committed."""
    try:
        with transaction.atomic():
            Tagging.objects.create(contact=Contact.objects.create(first_name=token), tag=tag)
            if undo:
                raise Undone
    except Undone:
        return False
    return True


def census() -> dict[str, dict[str, Any]]:
    """What became of each change, by token."""
    runs = Run.objects.filter(workflow__name="Fault")
    per_contact = Counter(runs.values_list("contact_id", flat=True))
    states = dict(runs.values_list("contact_id", "status"))
    notes = Counter(Note.objects.values_list("contact_id", flat=True))
    return {
        name: {"before": score, "after": notes[pk], "runs": per_contact[pk], "status": states.get(pk, "")}
        for pk, name, score in Contact.objects.values_list("pk", "first_name", "score")
    }


def open_work() -> int:
    """How many events and runs the engine still has to move by itself, now or later."""
    unmatched = Event.objects.filter(matched_at=None).count()
    return unmatched + Run.objects.filter(status__in=Run.QUEUED).count()


def losses() -> dict[str, int]:
    """How often the calls' workers were lost, by token."""
    lost = ActionRun.objects.filter(losses__gt=0).values_list("run__contact_id", "losses")
    names = dict(Contact.objects.values_list("pk", "first_name"))
    return {names[contact]: times for contact, times in lost}


def due_times() -> list[float]:
    """When each queued run is due, in seconds from now."""
    now = timezone.now()
    due = Run.objects.filter(status__in=Run.QUEUED).values_list("due_at", flat=True)
    return [(moment - now).total_seconds() for moment in due if moment is not None]


def destinations() -> list[dict[str, Any]]:
    return [
        {"key": row.key, "status": row.status, "failures": row.failures, "open": row.open_until is not None}
        for row in Destination.objects.order_by("key")
    ]


def integrity() -> str:
    """What SQLite says of its file: "ok"."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


def make_due(seconds: float = 0.0) -> int:
    """Everything that waits is due, `seconds` ago: time moved for those who do not care how long it was."""
    moment = timezone.now() - timedelta(seconds=seconds)
    return Run.objects.filter(status__in=Run.QUEUED, due_at__gt=moment).update(due_at=moment)

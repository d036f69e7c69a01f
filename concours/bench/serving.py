"""What reaches the product over HTTP, with real processes behind it: cases ingest, latency, hooks and sessions."""

import statistics
import subprocess
from collections.abc import Sequence
from time import monotonic, perf_counter
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from capture import services as capturing
from capture.models import InboundWebhook
from concours.bench import Result, Size, case, percentile, result, scratch
from concours.bench import growing as growing  # registers its case, for whoever imports this module
from concours.bench.children import PYTHON, Installation, installation
from concours.bench.client import Post, Receiver, post_all, post_paced, receiver
from concours.bench.matching import SET
from contacts.models import Contact
from triggers.api.keys import create_key
from triggers.matching import match
from triggers.models import Event, OutgoingEndpoint, Run
from triggers.outside import signatures

REPLIED: Final[dict[str, Any]] = {"uid": "t1", "event": "message.customer_replied", "config": {}, "conditions": None}
SEND: Final = {"uid": "a1", "action": "webhook.send", "config": {"endpoint": "receiver"}}
# At which latency is measured: far from what the machine can do.
PER_SECOND: Final = 10
# As beat does: what a lost message left behind is found by the sweep.
SWEEP_EVERY: Final = 5.0


@case("ingest")
def ingest(size: Size) -> list[Result]:
    """HTTP → done events/s with the back half on the same cores, against the POST rate of a plain view."""
    events, ratios = size.of(2000, 40), []
    posts = _replies(_stage(SET, events))
    with installation("web", "worker") as started:
        _warm_up(started, posts[:20])
        for _round in range(size.rounds):
            seen, began = _newest_run(), perf_counter()
            posting = post_all(started.port, posts)
            _await(started, seen, events)
            done = perf_counter() - began
            rates = _rates(events, done=done, posted=posting, plain=post_all(started.port, rows(events)))
            ratios.append(rates["done_per_s"] / rates["plain_per_s"])
    return [result("ingest", ratios, "≥ 0.75", **rates)]


@case("latency")
def latency(size: Size) -> list[Result]:
    """p50 from POST to the webhook received, at 10 posts/s, against the p50 of a plain POST."""
    posts, ratios = size.of(100, 10), []
    with receiver() as target, installation("web", "worker") as started:
        replies = _replies(_stage(SEND, posts, target))
        _warm_up(started, replies[:20])
        for _round in range(size.rounds):
            took = _to_the_receiver(started, replies, target)
            plain = [answered - began for began, answered in post_paced(started.port, rows(posts), PER_SECOND)]
            told = {
                "p50": statistics.median(took),
                "p95": percentile(took, 0.95),
                "plain_p50": statistics.median(plain),
            }
            ratios.append(told["p50"] / told["plain_p50"])
    return [result("latency", ratios, "≤ 2.0", **{f"{name}_ms": round(s * 1000, 1) for name, s in told.items()})]


@case("hooks")
def hooks(size: Size) -> list[Result]:
    """Signed deliveries taken in per second, against the POST rate of a plain view."""
    count, ratios = size.of(2000, 40), []
    scratch.empty()
    secret = signatures.new_secret()
    standard = InboundWebhook.Signature.STANDARD
    webhook, token = capturing.create("Bench", signature=standard, secret=secret, per_minute=100_000)
    with installation("web") as started:
        port = started.port
        post_all(port, [*_deliveries(token, secret, "warm-up", 20), *rows(20)])
        for turn in range(size.rounds):
            # The limit counts the rows of the last minute, and each round shall find as many.
            webhook.requests.all().delete()
            deliveries = _deliveries(token, secret, f"round-{turn}", count)
            rates = _rates(count, taken=post_all(port, deliveries), plain=post_all(port, rows(count)))
            ratios.append(rates["taken_per_s"] / rates["plain_per_s"])
    return [result("hooks", ratios, "≥ 0.8", **rates)]


@case("sessions")
def sessions(size: Size) -> list[Result]:
    """Database sessions that a worker opens per 1,000 tasks (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return []
    tasks, opened = size.of(3000, 200), []
    scratch.empty()
    for _round in range(size.rounds):
        before = _sessions()
        with installation("worker") as started:
            # It ends when the last task is taken, and the worker when that is done.
            pokes = [*PYTHON, "concours.bench.pokes", str(tasks)]
            subprocess.run(pokes, env=started.environ, cwd=settings.BASE_DIR, check=True)  # noqa: S603 -- our code
        opened.append((_sessions() - before) * 1000 / tasks)
    return [result("sessions (per 1,000 tasks)", opened, "≤ 10", tasks=tasks)]


def _sessions() -> int:
    """How many sessions this database has seen that have ended or have said so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sessions FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _stage(action: dict[str, Any], people: int, target: Receiver | None = None) -> list[Contact]:
    """A live workflow that does this when a contact replies, and so many contacts whose creation is matched."""
    scratch.empty()
    if target is not None:
        secret = signatures.new_secret()
        OutgoingEndpoint.objects.create(name="Receiver", slug="receiver", url=target.url, secret=secret)
    scratch.flow(action, trigger=REPLIED)
    contacts = scratch.people(people)
    while match.match_due(limit=2000):
        pass
    scratch.analyze()
    return contacts


def _warm_up(started: Installation, posts: Sequence[Post]) -> None:
    """Web server and worker have done the work once."""
    seen = _newest_run()
    post_all(started.port, [*posts, *rows(20)])
    _await(started, seen, len(posts))


def _replies(contacts: Sequence[Contact]) -> list[Post]:
    """A reported reply of each contact, with a key that may report them."""
    user, _made = get_user_model().objects.get_or_create(username="poster", is_superuser=True)
    _key, plain = create_key("Bench", user, ["events:write"])
    return [
        Post.of(
            "/api/v1/events/",
            {
                "type": "message.customer_replied",
                "contact_id": contact.pk,
                "data": {"message_id": n, "channel": "email", "subject_line": "Re: Your offer", "body": f"Yes, {n}."},
            },
            Authorization=f"Bearer {plain}",
        )
        for n, contact in enumerate(contacts)
    ]


def rows(count: int) -> list[Post]:
    """Posts to the plain view, which makes a row of each."""
    return [Post.of("/bench/plain/", {"first_name": f"Person {n}", "city": "Ulm", "score": n}) for n in range(count)]


def _deliveries(token: str, secret: str, name: str, count: int) -> list[Post]:
    made = []
    for n in range(count):
        post = Post.of(f"/in/{token}/", {"type": "order.paid", "data": {"number": n, "email": f"p{n}@example.org"}})
        post.headers.update(signatures.sign(f"{name}-{n}", timezone.now(), post.body, [secret]))
        made.append(post)
    return made


def _newest_run() -> int:
    return Run.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _await(started: Installation, seen: int, count: int) -> None:
    """Until so many runs younger than `seen` are done, and nothing is left to do."""
    swept = monotonic()

    def is_over() -> bool:
        nonlocal swept
        if monotonic() - swept > SWEEP_EVERY:
            post_all(started.port, [Post("/bench/sweep/", b"")])
            swept = monotonic()
        if Event.objects.filter(matched_at=None).exists() or Run.objects.filter(status__in=Run.ACTIVE).exists():
            return False
        return Run.objects.filter(pk__gt=seen, status=Run.Status.DONE).count() == count

    started.wait(is_over, f"{count} runs")


def _to_the_receiver(started: Installation, posts: Sequence[Post], target: Receiver) -> list[float]:
    """Seconds from the beginning of each post to the arrival of its webhook."""
    target.came.clear()
    seen = _newest_run()
    moments = post_paced(started.port, posts, PER_SECOND)
    _await(started, seen, len(posts))
    return [target.came[n] - began for n, (began, _answered) in enumerate(moments)]


def _rates(count: int, **taken: float) -> dict[str, float]:
    """How many per second, of what took so many seconds for `count`."""
    return {f"{name}_per_s": round(count / each, 1) for name, each in taken.items()}

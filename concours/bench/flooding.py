"""More deliveries of a provider than can be taken: case flood."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from concours.bench import Result, Size, case, percentile, result, scratch
from concours.bench.children import WEB_THREADS, installation
from concours.bench.client import Offered, Post, post_all, post_offered
from concours.bench.serving import rows
from providers import services
from providers.models import Connection, ProviderDelivery
from triggers.outside import signatures

PER_SECOND: Final = 2000
WEB_WORKERS: Final = 2
# As many as the web server works on at once: more would only queue in front of it.
CLIENTS: Final = WEB_WORKERS * WEB_THREADS
IN_TIME: Final = 0.2
# So many of what was taken are sent again, twice at once.
REPEATED: Final = 1000


@case("flood")
def flood(size: Size) -> list[Result]:
    """2,000 signed deliveries/s offered to a connection for 30 s: accepted/s, against the same load on a plain view."""
    seconds, ratios = size.of(30, 2), []
    for turn in range(size.rounds):
        scratch.empty()
        secret = signatures.new_secret()
        connection = services.create("standard_webhooks", "Bench", secrets={"secret": secret}, per_minute=200_000)
        posts = _deliveries(connection, secret, f"round-{turn}", PER_SECOND * seconds)
        with installation("web", web_workers=WEB_WORKERS) as started:
            post_all(started.port, [*_deliveries(connection, secret, f"warm-up-{turn}", 50), *rows(50)])
            ProviderDelivery.objects.all().delete()
            # Half of the plain posts before and half after: what else the machine does drifts.
            plain = _plain(started.port, seconds // 2)
            sent = post_offered(started.port, posts, PER_SECOND, CLIENTS)
            plain += _plain(started.port, seconds // 2)
            post_all(started.port, [posts[each.number] for each in _accepted(sent)[:REPEATED] for _twice in range(2)])
        ratios.append(len(_accepted(sent)) / plain)
    detail = {**_told(sent, posts, seconds), **_kept(sent), "plain_per_s": round(plain / seconds, 1)}
    return [result("flood", ratios, "≥ 0.8", **detail)]


def _plain(port: int, seconds: int) -> int:
    """How many posts the plain view accepts in so many seconds of the same load."""
    return len(_accepted(post_offered(port, rows(PER_SECOND * seconds), PER_SECOND, CLIENTS)))


def _deliveries(connection: Connection, secret: str, name: str, count: int) -> list[Post]:
    """Signed now, each with an id of its own; `number` says which it is, whatever becomes of the id."""
    path, now, made = f"/hooks/{connection.provider}/{connection.public_id}/", timezone.now(), []
    for n in range(count):
        post = Post.of(path, {"type": "order.paid", "number": n, "data": {"email": f"p{n}@example.org"}})
        post.headers.update(signatures.sign(f"{name}-{n}", now, post.body, [secret]))
        made.append(post)
    return made


def _accepted(sent: Sequence[Offered]) -> list[Offered]:
    return [each for each in sent if each.accepted]


def _told(sent: Sequence[Offered], posts: Sequence[Post], seconds: int) -> dict[str, float]:
    """What the senders saw: shares of what was offered and of what was sent, and how long an answer took."""
    took = [each.took for each in _accepted(sent)]
    in_time = sum(each <= IN_TIME for each in took)
    return {
        "offered": len(posts),
        "sent": len(sent),
        "accepted_per_s": round(len(took) / seconds, 1),
        "in_200_ms_of_offered": round(in_time / len(posts), 3),
        "in_200_ms_of_sent": round(in_time / len(sent), 4),
        "p50_ms": round(percentile(took, 0.5) * 1000, 1),
        "p99_ms": round(percentile(took, 0.99) * 1000, 1),
    }


def _kept(sent: Sequence[Offered]) -> dict[str, int]:
    """What the database holds of it: what was answered with success and is not there, and what is there twice."""
    stored = Counter(ProviderDelivery.objects.values_list("data__number", flat=True))
    lost = sum(each.number not in stored for each in _accepted(sent))
    return {"lost": lost, "doubled": sum(count - 1 for count in stored.values())}

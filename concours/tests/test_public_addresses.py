"""Everything that answers without a session: no bytes make a fault of ours, scanners change nothing (reliability,
T18), no address leads where staff did not say. Found from the addresses, so that a new one is tried as well.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urljoin
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from affiliates.tests import make as affiliates
from capture import links
from capture.models import Site, TriggerLink
from capture.tests import make as capture
from capture.tests.test_public_bytes import KINDS, PARTS, VALUES
from contacts.models import Contact
from conversations import following, subscriptions
from conversations.models import Message, MessageEvent
from providers.tests import make as providers
from triggers.models import Event
from triggers.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
# A fault is raised here and not answered with 500.
VISITOR = Client(enforce_csrf_checks=True)
SIGNED_IN = ("admin/", "api/")
OURS = "https://crm.example.org"
OFFER, MAILED = "https://shop.example.com/offer", "https://shop.example.com/mailed"
# A charset that is no text is the entry's business (test_wsgi): the tests' client does not come in by it.
SPOKEN = KINDS.filter(lambda kind: "rot13" not in kind)
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"]
HEADERS = ["Origin", "Referer", "User-Agent", "Accept-Language", "Cookie", "If-None-Match", "X-Forwarded-For",
           "TikTok-Signature", "X-Twilio-Signature", "Content-Encoding", "Range"]  # fmt: skip
SCANNERS: list[tuple[str, dict[str, str]]] = [
    ("HEAD", {"User-Agent": capture.BROWSER}),
    ("GET", {"User-Agent": capture.BROWSER, "Purpose": "prefetch"}),
    ("GET", {"User-Agent": capture.BROWSER, "Sec-Purpose": "prefetch;prerender"}),
    ("GET", {"User-Agent": "Barracuda Sentinel (EE)"}),
    ("GET", {"User-Agent": "Mozilla/5.0 (compatible; proofpoint-urldefense)"}),
    ("GET", {"User-Agent": ""}),
    ("OPTIONS", {"User-Agent": capture.BROWSER}),
]
ELSEWHERE = ["//evil.example", "/\\evil.example", "\\\\evil.example", "@evil.example", "https:evil.example",
             "https://evil.example/", "javascript:alert(1)", "%2f%2fevil.example", "/%09/evil.example",
             "x\r\nLocation: https://evil.example/", "data:text/html,x", "https://shop.example.com@evil.example"]  # fmt: skip
ASKING = ("next", "url", "to", "redirect", "return", "page", "destination")


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every address for strangers, with `{}` for what it leaves open."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        written = before + re.sub(r"<[^>]+>", "{}", str(each.pattern))
        if written.startswith(SIGNED_IN):
            continue
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, written)
        elif isinstance(each, URLPattern):
            yield f"/{written}"


@pytest.fixture
def living() -> list[str]:
    """Addresses behind which there is something."""
    anna = make.contact()
    link = TriggerLink.objects.create(name="Offer", key="offer", destination=OFFER)
    Site.objects.create(key="shop", name="Shop", allowed_origins=["https://shop.example.com"])
    _webhook, token = capture.mapped()
    mail = Message.objects.create(
        contact=anna, direction="out", key=uuid4(), status="sent", sent_at=timezone.now() - timedelta(hours=1),
        to_address=anna.email, links=[MAILED],
    )  # fmt: skip
    form = capture.form(
        "Visit", {"label": "Email", "kind": "email", "maps_to": "email"}, {"label": "Papers", "kind": "file"}
    )
    mailed = (
        subscriptions.unsubscribe_url(mail.key),
        following.opening_url(mail.key),
        following.click_url(mail.key, 0),
    )
    hooks = [providers.path(providers.connection(name)) for name in ("tiktok", "twilio", "meta", "mailgun")]
    return [
        *affiliates.addresses(OFFER),
        f"/in/{token}/", f"/f/{form.key}/", f"/l/{links.token(link.pk, anna.pk)}/", "/l/offer/", "/b/", *hooks,
        *("/" + url.split("/", 3)[3] for url in mailed),
    ]  # fmt: skip


def test_every_address_of_strangers_is_among_these() -> None:
    found = set(routes())

    assert {"/in/{}/", "/f/{}/", "/l/{}/", "/b/", "/hooks/{}/{}/", "/u/{}/", "/o/{}.gif", "/c/{}/"} <= found
    assert not any(route.startswith(("/admin", "/api")) for route in found)


@pytest.mark.parametrize("examples", [150, pytest.param(20_000, marks=pytest.mark.nightly)])
def test_no_bytes_make_a_fault(living: list[str], examples: int) -> None:
    addresses = sorted(routes())

    @settings(max_examples=examples, deadline=None, derandomize=examples < 1000)
    @given(data=st.data(), method=st.sampled_from(METHODS), kind=SPOKEN, body=PARTS, query=VALUES, noise=VALUES)
    def ask(data: st.DataObject, method: str, kind: str, body: bytes, query: str, noise: str) -> None:
        cache.clear()
        given_to = data.draw(st.sampled_from(living + addresses))
        asked = given_to.replace("{}", quote(noise, safe="") or "x")
        headers = data.draw(
            st.dictionaries(st.sampled_from(HEADERS), st.text("az09=,;:/*\"'%é\\ ", max_size=30), max_size=3)
        )

        answer = VISITOR.generic(
            method, f"{asked}?{quote(query, safe='=&')}", body, content_type=kind, headers=headers
        )  # fmt: skip

        # What says whether we are well may say that we are not.
        assert answer.status_code < 500 or asked == "/readyz", (method, asked)

    ask()


def state() -> dict[str, Any]:
    """How many rows each table holds, without the history, and what is known of each contact."""
    models = [model for model in apps.get_models() if model._meta.managed and model not in (Event, MessageEvent)]
    rows = {model._meta.label: model._default_manager.count() for model in models}
    return rows | {"contacts": list(Contact.objects.order_by("pk").values())}


def test_scanners_change_nothing(living: list[str]) -> None:
    before, events = state(), set(Event.objects.values_list("pk", flat=True))

    for method, headers in SCANNERS:
        answers = Counter(VISITOR.generic(method, address, headers=headers).status_code // 100 for address in living)
        assert answers.keys() <= {2, 3, 4}, method

    assert state() == before
    # What they opened and followed of a mail is told, as done by a program.
    told = Event.objects.exclude(pk__in=events)
    assert {(event.type, event.data["machine"]) for event in told} == {("email.opened", True), ("email.clicked", True)}


def test_whoever_follows_every_link_as_soon_as_the_mail_left_is_a_program(living: list[str]) -> None:
    Message.objects.update(sent_at=timezone.now())
    before = state()

    for address in living:
        if address.startswith(("/u/", "/o/", "/c/")):
            VISITOR.get(address, headers={"User-Agent": capture.BROWSER})

    assert state() == before
    machines = [event.data["machine"] for event in Event.objects.filter(type__startswith="email.")]
    assert machines == [True, True]


def test_no_address_leads_where_staff_did_not_say(living: list[str]) -> None:
    followed = Counter()
    for elsewhere in ELSEWHERE:
        asked = "&".join(f"{name}={quote(elsewhere)}" for name in ASKING)
        spelt = [route.replace("{}", quote(elsewhere, safe="%")) for route in routes()]
        for address in [*living, *spelt]:
            answer = VISITOR.get(f"{address}?{asked}", headers={"User-Agent": capture.BROWSER})
            # A page that reports its visitors is told who comes, behind the #.
            to = answer.headers.get("Location", "").partition("#concours_visitor=")[0]
            # As a browser reads it, to which a backslash is a slash.
            there = urljoin(f"{OURS}/", to.replace("\\", "/"))
            assert to in (OFFER, MAILED) or there.startswith(f"{OURS}/"), (address, to)
            followed[to] += 1

    assert followed[OFFER] == 4 * len(ELSEWHERE)
    assert followed[MAILED] == len(ELSEWHERE)

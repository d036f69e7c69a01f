"""`/b/`: what websites report, who is known by it, and what is refused."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.http import HttpResponse
from django.utils import timezone

from capture import pages, visitors
from capture.models import PageView, Site, VideoWatch
from capture.tests import make
from contacts.models import Contact
from contacts.services import forget
from contacts.tests import make as contacts
from triggers.models import Event

VIEW = "5f0c6a3e-7a52-4d3b-9a53-0d2a8a0f8a11"
pytestmark = pytest.mark.django_db
HOME = "https://www.example.com"


@pytest.fixture
def site() -> Site:
    return Site.objects.create(name="Shop", allowed_origins=[HOME])


@pytest.fixture
def anna() -> Contact:
    return contacts.contact(first_name="Anna", email="anna@example.org")


def report(origin: str = HOME, headers: Any = None, **values: Any) -> HttpResponse:
    body = {"site": "shop", "view": str(uuid4()), "url": f"{HOME}/prices?utm_source=tv&token=secret#x", **values}
    return raw(json.dumps(body).encode(), origin, headers)


def raw(body: bytes, origin: str = HOME, headers: Any = None, kind: str = "text/plain;charset=UTF-8") -> HttpResponse:
    own = {"User-Agent": make.BROWSER, "Origin": origin, **(headers or {})}
    return make.VISITOR.generic("POST", "/b/", body, content_type=kind, headers=own)


def events(kind: str = "page.viewed") -> list[Event]:
    return list(Event.objects.filter(type=kind).order_by("pk"))


def token(contact: Contact) -> str:
    return visitors.token(contact.pk, timezone.now())


def test_a_known_contact_is_told_of_without_the_query(site: Site, anna: Contact) -> None:
    answer = report(visitor=token(anna), title="Prices", referrer="https://other.example/a?q=1")

    assert (answer.status_code, answer.content) == (204, b"")
    assert "Set-Cookie" not in answer
    [event] = events()
    assert (event.contact_id, event.subject_type, event.subject_id) == (anna.pk, "capture.site", site.pk)
    told = {name: event.data[name] for name in ("url", "path", "title", "referrer", "utm")}
    assert told == {
        "url": f"{HOME}/prices", "path": "/prices", "title": "Prices", "referrer": "https://other.example/a",
        "utm": {"utm_source": "tv"},
    }  # fmt: skip
    assert "secret" not in json.dumps(event.data)


def test_an_unknown_visitor_is_counted_and_starts_nothing(site: Site) -> None:
    report()

    assert (PageView.objects.get().contact_id, events()) == (None, [])


def test_the_same_view_counts_once(site: Site, anna: Contact) -> None:
    view = str(uuid4())

    found = [report(view=view, visitor=token(anna)).status_code for _n in range(3)]

    assert (found, PageView.objects.count(), len(events())) == ([204, 204, 204], 1, 1)


def test_each_share_of_a_video_counts_once_per_view(site: Site, anna: Contact) -> None:
    view = str(uuid4())

    for share in (25, 50, 50, 25, 75, 95, 100, 100):
        report(view=view, visitor=token(anna), video="Tour", percent=share, seconds=share)
    report(view=str(uuid4()), visitor=token(anna), video="Tour", percent=25)

    told = [(event.data["percent"], event.data["completed"]) for event in events("video.watched")]
    assert told == [(25, False), (50, False), (75, False), (95, False), (100, True), (25, False)]
    assert not PageView.objects.exists()


@pytest.mark.parametrize(
    "visitor",
    ["", "1", "1.2:abc", "x" * 300, "ü:ü", "1.1700000000:"],
)
def test_a_forged_visitor_is_nobody(site: Site, anna: Contact, visitor: str) -> None:
    assert report(visitor=visitor).status_code == 204
    assert (PageView.objects.get().contact_id, events()) == (None, [])


def test_a_token_for_something_else_is_nobodys(site: Site, anna: Contact) -> None:
    report(visitor=Signer(salt="capture.link").sign(f"{anna.pk}.{int(timezone.now().timestamp())}"))

    assert events() == []


def test_a_token_ends_after_ninety_days_and_with_the_contact(site: Site, anna: Contact) -> None:
    now = timezone.now()
    given = visitors.token(anna.pk, now)

    assert visitors.read(given, now + timedelta(days=89)) == anna.pk
    assert visitors.read(given, now + timedelta(days=90)) is None
    assert visitors.read(given, now - timedelta(hours=1)) is None
    forget(anna)
    assert visitors.read(given, now) is None


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}, {"User-Agent": "Googlebot/2.1"},
                                     {"Sec-Purpose": "prefetch"}])  # fmt: skip
def test_nothing_is_written_down_of_who_does_not_want_it_or_is_a_program(
    site: Site, anna: Contact, headers: dict[str, str]
) -> None:
    assert report(visitor=token(anna), headers=headers).status_code == 204
    assert not PageView.objects.exists()


@pytest.mark.parametrize(
    ("origin", "values"),
    [
        ("https://evil.example", {}), ("", {}), ("null", {}), ("http://www.example.com", {}),
        (HOME, {"url": "https://evil.example/"}), (HOME, {"url": "javascript:alert(1)"}), (HOME, {"url": "//x"}),
        (HOME, {"url": "https://[bad"}),
    ],
)  # fmt: skip
def test_only_the_websites_own_pages_report(site: Site, origin: str, values: dict[str, Any]) -> None:
    assert report(origin, **values).status_code == 403
    assert not PageView.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b" ", "text/plain", 400), (b"{", "text/plain", 400), (b"[]", "text/plain", 400), (b"1", "text/plain", 400),
        (b"{}", "text/plain", 400), (b"\xff\xfe", "text/plain", 400), (b"{}", "application/json", 415),
        (b'{"site": "' + b"x" * 9000 + b'"}', "text/plain", 413),
        (json.dumps({"site": "no\u0000", "view": VIEW, "url": HOME}).encode(), "text/plain", 400),
        (json.dumps({"site": "none", "view": VIEW, "url": HOME}).encode(), "text/plain", 404),
        (json.dumps({"site": "shop", "view": "x", "url": HOME}).encode(), "text/plain", 400),
        (json.dumps({"site": "shop", "view": VIEW, "url": HOME, "percent": 33}).encode(), "text/plain", 400),
        (json.dumps({"site": "shop", "view": VIEW, "url": HOME, "seconds": -1}).encode(), "text/plain", 400),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused(site: Site, body: bytes, kind: str, status: int) -> None:
    assert raw(body, kind=kind).status_code == status
    assert not PageView.objects.exists()


def test_text_no_database_takes_is_cleaned(site: Site, anna: Contact) -> None:
    answer = report(visitor=token(anna), title="a\u0000b\ud800c" + "é" * 500, video="")

    assert answer.status_code in (204, 400)
    assert all("\0" not in view.title and len(view.title) <= 200 for view in PageView.objects.all())


def test_a_website_that_is_switched_off_writes_nothing_down(site: Site) -> None:
    Site.objects.update(active=False)

    assert report().status_code == 404


def test_one_address_reports_only_so_often(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capture.beacon_views.A_MINUTE", 3)

    found = [report(headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(5)]

    assert found == [204, 204, 204, 429, 429]


def test_only_posting_is_allowed(site: Site) -> None:
    assert make.VISITOR.get("/b/").status_code == 405


def test_views_are_kept_for_ninety_days(site: Site) -> None:
    report()
    report(video="Tour", percent=25)
    now = timezone.now()

    assert pages.purge(now + timedelta(days=89)) == 0
    assert pages.purge(now + timedelta(days=91)) == 2
    assert not VideoWatch.objects.exists()


def test_a_link_hands_the_token_to_our_websites_alone(site: Site, anna: Contact) -> None:
    now = timezone.now()

    ours = visitors.handed_over(f"{HOME}/offer?a=1#top", anna.pk, now)

    before, _hash, fragment = ours.partition("#")
    assert before == f"{HOME}/offer?a=1"
    assert fragment.startswith("top&concours_visitor=")
    assert visitors.read(fragment.split("concours_visitor=")[1], now) == anna.pk
    for other in ("https://other.example/", "https://www.example.com.evil.example/", "http://www.example.com/"):
        assert visitors.handed_over(other, anna.pk, now) == other
    assert visitors.handed_over(HOME, None, now) == HOME


def test_a_form_hands_the_token_to_the_page_it_goes_on_to(site: Site) -> None:
    form = make.form(redirect_url=f"{HOME}/thanks")

    page = make.send(form, {"first_name": "Anna", "email": "anna@example.org"})

    given = page["Location"].split("#concours_visitor=")[1]
    assert visitors.read(given, timezone.now()) == Contact.objects.get().pk


def test_a_form_in_a_frame_hands_the_token_to_our_website_alone(site: Site) -> None:
    form, other = make.form(allowed_origins=[HOME]), make.form("Other", allowed_origins=["https://other.example"])
    answers = {"first_name": "Anna", "email": "anna@example.org"}

    found = [
        make.VISITOR.post(f"/f/{each.key}/?embed=1", {"_state": make.opened(each, "?embed=1"), **answers},
                          headers={"User-Agent": make.BROWSER}).content.decode()
        for each in (form, other)
    ]  # fmt: skip

    assert [("data-visitor=" in page) for page in found] == [True, False]

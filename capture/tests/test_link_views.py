"""`/l/<token>/`: where a link leads, whose click counts, and what leaves no trace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.http import HttpResponse

from capture import links
from capture.models import LinkClick, TriggerLink
from capture.tests import make
from contacts.models import Contact
from contacts.services import forget
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OFFER = "https://www.example.com/offer?a=1&b=%20x#top"


@pytest.fixture
def link() -> TriggerLink:
    return TriggerLink.objects.create(name="Spring offer", destination=OFFER)


@pytest.fixture
def anna() -> Contact:
    return contacts.contact(first_name="Anna", email="anna@example.org")


def get(token: str, method: str = "get", **headers: str) -> HttpResponse:
    return getattr(make.VISITOR, method)(f"/l/{token}/", headers={"User-Agent": make.BROWSER, **headers})


def events() -> list[Event]:
    return list(Event.objects.filter(type="link.clicked"))


def test_a_contact_is_led_on_and_told_of(link: TriggerLink, anna: Contact) -> None:
    answer = get(links.token(link.pk, anna.pk))

    assert (answer.status_code, answer["Location"]) == (302, OFFER)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "Set-Cookie" not in answer
    [event] = events()
    assert (event.contact_id, event.subject_type, event.subject_id) == (anna.pk, "capture.triggerlink", link.pk)
    assert (event.data["link"], event.data["target_url"]) == ("Spring offer", OFFER)


def test_everybodys_address_counts_and_tells_nothing(link: TriggerLink) -> None:
    answer = get("spring_offer")

    assert (answer.status_code, answer["Location"]) == (302, OFFER)
    assert (LinkClick.objects.get().contact_id, events()) == (None, [])


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("head", {}), ("get", {"Purpose": "prefetch"}), ("get", {"Sec-Purpose": "prefetch;prerender"}),
        ("get", {"X-Moz": "prefetch"}), ("get", {"User-Agent": ""}),
        ("get", {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
        ("get", {"User-Agent": "BarracudaCentral Scanner"}), ("get", {"User-Agent": "python-requests/2.32"}),
        ("get", {"User-Agent": "facebookexternalhit/1.1"}), ("get", {"User-Agent": "WhatsApp/2.23"}),
        ("get", {"User-Agent": "Mozilla/5.0 HeadlessChrome/120"}),
    ],
)  # fmt: skip
def test_whoever_looks_ahead_is_led_on_and_leaves_no_trace(
    link: TriggerLink, anna: Contact, method: str, headers: dict[str, str]
) -> None:
    answer = get(links.token(link.pk, anna.pk), method, **headers)

    assert (answer.status_code, answer["Location"]) == (302, OFFER)
    assert (LinkClick.objects.count(), events()) == (0, [])


def test_the_same_click_twice_counts_once_and_a_later_one_again(link: TriggerLink, anna: Contact) -> None:
    mine = links.Followed(link, anna.pk)

    # The second is in another ten seconds of the clock, and within ten seconds all the same.
    counted = [links.click(mine, "m", NOON + timedelta(seconds=n)) for n in (9, 11, 15, 20)]

    assert counted == [True, False, False, True]
    assert len(events()) == LinkClick.objects.count() == 2


def test_two_contacts_and_two_visitors_count_each(link: TriggerLink, anna: Contact) -> None:
    other = contacts.contact(first_name="Jonas")

    for followed, mark in ((anna.pk, "m"), (other.pk, "m"), (None, "m"), (None, "n"), (None, "m")):
        links.click(links.Followed(link, followed), mark, NOON)

    assert LinkClick.objects.count() == 4
    assert {event.contact_id for event in events()} == {anna.pk, other.pk}


@pytest.mark.parametrize("cut", [1, 5, 30, 43])
def test_a_token_cut_short_leads_nowhere(link: TriggerLink, anna: Contact, cut: int) -> None:
    answer = get(links.token(link.pk, anna.pk)[:-cut])

    assert answer.status_code == 404
    assert "It was not copied in full" in answer.content.decode()
    assert "Location" not in answer
    assert not LinkClick.objects.exists()


@pytest.mark.parametrize(
    "token",
    ["https:evil.example", "//evil.example", "%5C%5Cevil", "@evil.example", "javascript:alert(1)", "1.1:x", "%00",
     "ü", "..", "1:1:1", "%F0%9F%98%80", "1.1"],
)  # fmt: skip
def test_no_address_leads_where_staff_did_not_say(link: TriggerLink, token: str) -> None:
    answer = get(token)

    assert answer.status_code in (301, 404)
    assert not str(answer.headers.get("Location", "")).startswith(("http", "//", "\\"))
    assert not LinkClick.objects.exists()


def test_another_signature_of_ours_is_no_link(link: TriggerLink, anna: Contact) -> None:
    assert get(Signer(salt="another").sign(f"{link.pk}.{anna.pk}")).status_code == 404


def test_a_link_that_is_switched_off_says_so(link: TriggerLink) -> None:
    TriggerLink.objects.update(active=False)

    answer = get("spring_offer")

    assert (answer.status_code, "Location" in answer) == (410, False)


def test_a_merged_contact_is_the_survivor_and_a_forgotten_one_nobody(link: TriggerLink, anna: Contact) -> None:
    from contacts.dedupe import merging

    other = contacts.contact(first_name="Ann", email="ann@example.org")
    merging.merge(anna.pk, other.pk)
    assert links.read(links.token(link.pk, other.pk)) == links.Followed(link, anna.pk)

    forget(anna)

    assert links.read(links.token(link.pk, anna.pk)) == links.Followed(link, None)


def test_beyond_the_limit_it_leads_on_and_counts_no_more(
    link: TriggerLink, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.link_views.A_MINUTE", 2)
    others = [contacts.contact(first_name=f"P{n}").pk for n in range(3)]

    found = [get(links.token(link.pk, pk), **{"X-Forwarded-For": f"10.0.0.{pk}"}).status_code for pk in others]

    assert (found, LinkClick.objects.count()) == ([302, 302, 302], 2)


def test_only_looking_is_allowed(link: TriggerLink) -> None:
    answer = make.VISITOR.post("/l/spring_offer/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("destination", ["javascript:alert(1)", "//evil.example", "https://a@evil.example",
                                         "data:text/html,x", "https://x.org/\r\nSet-Cookie: a=b"])  # fmt: skip
def test_links_lead_only_to_whole_addresses(destination: str) -> None:
    with pytest.raises(Exception, match="whole address"):
        TriggerLink(name="A", key="a", destination=destination).full_clean()


def test_clicks_are_kept_for_ninety_days(link: TriggerLink, anna: Contact) -> None:
    links.click(links.Followed(link, anna.pk), "m", NOON)
    links.click(links.Followed(link, anna.pk), "m", NOON + timedelta(days=2))

    assert links.purge(NOON + timedelta(days=91)) == 1
    assert LinkClick.objects.count() == 1


def test_messages_hold_a_link_for_whoever_reads_them(link: TriggerLink, anna: Contact) -> None:
    from contacts.models import Note
    from contacts.services import add_tags
    from triggers import services, sweeping

    document: dict[str, Any] = {
        "triggers": [{"uid": "t1", "event": "contact.tag_added", "config": {}, "conditions": None}],
        "actions": [{"uid": "a1", "action": "note.create", "config": {"body": "Look: {{ links.spring_offer }}"}}],
        "settings": {},
    }
    services.publish(services.create("Tell", document))

    add_tags(anna, ["VIP"])
    sweeping.drain()

    assert Note.objects.get().body == f"Look: {links.address(link.pk, anna.pk)}"


def test_whoever_is_known_is_told_in_their_language_and_others_in_their_browser_s(
    link: TriggerLink, anna: Contact
) -> None:
    TriggerLink.objects.update(active=False)
    Contact.objects.filter(pk=anna.pk).update(language="de")
    english = "The offer it led to has ended."

    known = get(links.token(link.pk, anna.pk), **{"Accept-Language": "en"}).content.decode()
    assert 'lang="de"' in known
    assert english not in known
    assert 'lang="de"' in get(link.key, **{"Accept-Language": "de"}).content.decode()
    assert english in get(link.key, **{"Accept-Language": "en"}).content.decode()

"""Following a link: where it leads, what is written down, and which click counts later on."""

from datetime import timedelta

import pytest

from affiliates import visits
from affiliates.models import Campaign, Click, Referral
from affiliates.tests import make
from contacts.tests import make as contacts

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def came(*enrolments: object, at=make.NOON) -> dict[int, visits.Came]:
    return {each.campaign_id: visits.Came(each.pk, at, each.campaign.window_days) for each in enrolments}


def test_a_link_leads_to_the_campaigns_target_and_nowhere_else() -> None:
    own = make.enrolment(into=make.campaign(target_url="https://shop.example.com/?ref={code}"))

    answer = make.visitor().get("/r/jonas/shop/?next=https://evil.example/&url=//evil.example")

    assert (answer.status_code, answer["Location"]) == (302, "https://shop.example.com/?ref=jonas")
    assert answer["Cache-Control"] == "no-store"
    assert Click.objects.get().enrolment == own


def test_without_a_campaign_it_is_the_first_one() -> None:
    jonas = make.affiliate()
    first = make.enrolment(jonas, make.campaign("First"))
    make.enrolment(jonas, make.campaign("Second"))

    make.visitor().get("/r/jonas/")

    assert Click.objects.get().enrolment == first


@pytest.mark.parametrize("address", ["/r/nobody/", "/r/jonas/other/", "/r/jonas%00/", "/r/jonas/sh%C3%B6p/"])
def test_no_such_link_says_so(address: str) -> None:
    make.enrolment()
    make.campaign("Other")

    answer = make.visitor().get(address)

    assert (answer.status_code, visits.COOKIE in answer.cookies) == (404, False)
    assert "This link leads nowhere" in answer.content.decode()
    assert not Click.objects.exists()


def test_a_click_keeps_no_address_and_no_query() -> None:
    own, browser = make.enrolment(), make.visitor(Referer="https://blog.example.com/oils?mail=leo@example.org")

    browser.get(f"/r/jonas/{own.campaign.key}/", REMOTE_ADDR="203.0.113.9")

    row = Click.objects.values().get()
    assert row["referrer"] == "https://blog.example.com/oils"
    assert "203.0.113.9" not in str(row)
    assert "leo@" not in str(row)


def test_followed_again_at_once_is_one_click() -> None:
    own, browser = make.enrolment(), make.visitor()

    for _time in range(3):
        make.follow(browser, own)

    assert Click.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [{"User-Agent": ""}, {"Sec-Purpose": "prefetch"}, {"DNT": "1"}, {"Sec-GPC": "1"}, {"User-Agent": "curl/8"}],
)
def test_programs_and_who_wants_no_tracking_are_led_on_without_a_trace(headers: dict[str, str]) -> None:
    own = make.enrolment()

    answer = make.follow(make.visitor(**headers), own)

    assert (answer.status_code, answer["Location"], visits.COOKIE in answer.cookies) == (302, make.SHOP, False)
    assert not Click.objects.exists()


@pytest.mark.parametrize("status", ["pending", "paused", "rejected"])
def test_links_of_who_is_not_active_lead_on_and_count_nothing(status: str) -> None:
    own = make.enrolment(make.affiliate(status=status))

    answer = make.follow(make.visitor(), own)

    assert (answer.status_code, visits.COOKIE in answer.cookies, Click.objects.count()) == (302, False, 0)


def test_the_cookie_is_signed_and_says_nothing_of_the_person() -> None:
    own = make.enrolment()

    cookie = make.follow(make.visitor(), own).cookies[visits.COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert 29 * 86400 < cookie["max-age"] <= 30 * 86400
    assert list(visits.read(cookie.value)) == [own.campaign_id]
    assert visits.read(cookie.value + "x") == {}
    assert visits.read("nonsense") == visits.read("") == {}


def test_many_campaigns_do_not_make_the_cookie_grow_for_ever() -> None:
    jonas, browser = make.affiliate(), make.visitor()
    own = [make.enrolment(jonas, make.campaign(f"Campaign {number}")) for number in range(visits.MOST + 3)]

    for each in own:
        answer = make.follow(browser, each)

    assert len(visits.read(answer.cookies[visits.COOKIE].value)) == visits.MOST


def test_the_latest_click_counts_or_the_first_one() -> None:
    mia, last, first = contacts.contact(), make.campaign("Last"), make.campaign("First", counts="first")
    jonas, ida = make.affiliate("Jonas"), make.affiliate("Ida")

    for campaign in (last, first):
        for who, at in ((jonas, make.NOON), (ida, make.NOON + DAY)):
            make.referral(mia, make.enrolment(who, campaign), at)

    found = {row.campaign.name: row.enrolment.affiliate for row in Referral.objects.all()}
    assert found == {"Last": ida, "First": jonas}


def test_a_first_click_that_no_longer_counts_makes_room() -> None:
    mia, shop = contacts.contact(), make.campaign(counts="first", window_days=7)
    jonas, ida = (make.enrolment(make.affiliate(name), shop) for name in ("Jonas", "Ida"))
    make.referral(mia, jonas)

    make.referral(mia, ida, make.NOON + 7 * DAY)

    assert Referral.objects.get().enrolment == ida


def test_a_click_told_late_takes_nothing_back() -> None:
    mia, shop = contacts.contact(), make.campaign()
    jonas, ida = (make.enrolment(make.affiliate(name), shop) for name in ("Jonas", "Ida"))
    make.referral(mia, ida, make.NOON + DAY)

    assert visits.refer(mia, came(jonas), make.NOON + DAY) == []

    assert Referral.objects.get().enrolment == ida


def test_a_click_outside_the_window_refers_nobody() -> None:
    own, mia = make.enrolment(into=make.campaign(window_days=7)), contacts.contact()

    assert visits.refer(mia, came(own), make.NOON + 7 * DAY) == []
    assert not Referral.objects.exists()


def test_nobody_is_referred_by_themselves() -> None:
    own = make.enrolment()

    assert visits.refer(own.affiliate.contact, came(own), make.NOON) == []
    assert not Referral.objects.exists()


def test_old_clicks_are_deleted() -> None:
    own = make.enrolment()
    for age in (89, 91):
        Click.objects.create(enrolment=own, who=f"w{age}", bucket=age, landing=make.SHOP, at=make.NOON - age * DAY)

    assert visits.purge(make.NOON) == 1
    assert Click.objects.get().who == "w89"


def test_a_campaign_that_was_deleted_is_forgotten_by_the_cookie() -> None:
    own, mia, browser = make.enrolment(), contacts.contact(), make.visitor()
    cookie = make.follow(browser, own).cookies[visits.COOKIE].value
    own.delete()
    Campaign.objects.all().delete()

    assert visits.refer(mia, visits.read(cookie), make.NOON) == []

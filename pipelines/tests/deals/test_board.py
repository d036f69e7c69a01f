"""The board: lanes with counts and sums, cards with what to know now, as many queries for many deals as for few."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.tests import make as contacts
from pipelines.deals import board
from pipelines.deals.board import Asked
from pipelines.models import Opportunity, Stage
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def shown(asked: Asked = Asked()) -> board.Board:  # noqa: B008 -- frozen
    pipeline = make.stage().pipeline
    return board.board(pipeline, asked, NOW)


def test_lanes_tell_counts_and_sums_by_currency() -> None:
    make.deal(at="Enquiry", value=100)
    make.deal(at="Enquiry", value=50, currency="CHF")
    make.deal(at="Enquiry")
    make.deal(at="Offer", value=900)
    make.deal(at="Offer", value=400, status="won", closed_at=ago(3))
    make.deal(at="Offer", value=70, status="won", closed_at=ago(20))
    make.deal(at="Offer", value=1, status="lost")

    found = shown()

    assert [(lane.name, lane.count, lane.totals.replace("\xa0", " ")) for lane in found.lanes] == [
        ("Enquiry", 3, "CHF 50 · € 100"), ("Planning", 0, ""), ("Offer", 1, "€ 900"), ("Won", 1, "€ 400"),
    ]  # fmt: skip
    assert (found.count, found.totals.replace("\xa0", " "), found.won_totals.replace("\xa0", " ")) == (
        4, "CHF 50 · € 1,000", "€ 400",
    )  # fmt: skip


def test_a_card_says_what_to_know_now() -> None:
    make.pipeline()
    Stage.objects.filter(name="Enquiry").update(rotting_days=14)
    busy = contacts.contact(first_name="Busy")
    contacts.task(busy, "Call", due_at=NOW + timedelta(hours=4))
    contacts.task(busy, "Later", due_at=NOW + timedelta(days=4))
    make.deal(busy, "with a task", created_at=ago(1))
    make.deal(contacts.contact(), "stale", created_at=ago(19))
    make.deal(contacts.contact(), "new", created_at=NOW)
    make.deal(contacts.contact(), "a day", created_at=ago(1.2))
    make.deal(contacts.contact(), "elsewhere", at="Offer", created_at=ago(90))

    found = shown()

    told = {str(card.deal): (card.told, card.is_stale) for lane in found.lanes for card in lane.cards}
    assert told == {
        "with a task": ("Call 16:00", False), "stale": ("No activity for 19 days", True),
        "new": ("Since today", False), "a day": ("1 day in stage", False), "elsewhere": ("90 days in stage", False),
    }  # fmt: skip
    assert found.stale == 1


def test_the_latest_arrivals_come_first_and_the_others_are_counted() -> None:
    mia, first = contacts.contact(), make.pipeline() and make.stage()
    Opportunity.objects.bulk_create(
        [Opportunity(contact=mia, stage=first, name=str(n), created_at=ago(n)) for n in range(30)]
    )

    lane = shown().lanes[0]
    assert ([str(card.deal) for card in lane.cards][:2], len(lane.cards), lane.hidden) == (["0", "1"], 12, 18)
    lane = shown(Asked(shown={lane.key: 36})).lanes[0]
    assert (len(lane.cards), lane.hidden) == (30, 0)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"Ana's", "Nobody's", "Stale"}),
        ({"owner": "ana"}, {"Ana's"}),
        ({"nobodys": True}, {"Nobody's", "Stale"}),
        ({"activity": "stale"}, {"Stale"}),
        ({"activity": "active"}, {"Ana's", "Nobody's"}),
        ({"words": "berg ana"}, {"Ana's"}),
        ({"words": "nothing"}, set()),
    ],
)
def test_it_is_narrowed(asked: dict[str, Any], names: set[str]) -> None:
    make.pipeline()
    Stage.objects.update(rotting_days=5)
    ana = contacts.user("ana")
    make.deal(contacts.contact(company="Berg AG"), "Ana's", owner=ana, created_at=ago(1))
    make.deal(contacts.contact(), "Nobody's", created_at=ago(1))
    make.deal(contacts.contact(), "Stale", created_at=ago(9))
    given = {**asked, **({"owner": ana.pk} if "owner" in asked else {})}

    found = shown(Asked(**given))

    assert {str(card.deal) for lane in found.lanes for card in lane.cards} == names
    assert found.count == len(names)


def test_queries_grow_with_the_lanes_and_not_with_the_deals(django_assert_max_num_queries: Any) -> None:
    mia, first = contacts.contact(), make.pipeline() and make.stage()
    Opportunity.objects.bulk_create([Opportunity(contact=mia, stage=first, value=1) for n in range(200)])

    # stages, the organisation, sums, the won ones' sums, stale ones, tasks; and each lane's cards
    with django_assert_max_num_queries(7 + 4):
        assert shown().count == 200

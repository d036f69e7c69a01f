"""The board in the admin: what it shows, moving without script, closing with a reason, and who may."""

from typing import Any

import pytest
from django.test import Client

from contacts.tests import make as contacts
from pipelines.models import Opportunity, Pipeline, Stage
from pipelines.tests import deal_make as make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db

BOARD = "/admin/pipelines/opportunity/board/"
MAY = ("view_opportunity", "change_opportunity", "view_contact")


def move(deal: Opportunity) -> str:
    return f"/admin/pipelines/opportunity/{deal.pk}/move/"


def test_without_a_pipeline_it_says_what_will_appear_here() -> None:
    page = visit.text(visit.boss(), BOARD)

    assert "No pipeline yet" in page
    assert "Add a pipeline" in page


def test_it_shows_lanes_cards_and_totals_per_currency() -> None:
    deal = make.deal(contacts.contact(), value=22000, owner=contacts.user("ana", first_name="Ana", last_name="Lang"))
    make.deal(deal.contact, "Loft", value=50, currency="CHF")
    make.deal(deal.contact, "Done", value=7, status="won")

    page = visit.text(visit.boss(), BOARD).replace("\xa0", " ")

    assert "Kitchens 2 open opportunities" in page
    assert "Open CHF 50 · € 22,000 Won in" in page
    assert "Currencies are never added together" in page
    assert "Enquiry 2 CHF 50 · € 22,000" in page
    assert "Island Move to Planning Offer Won Lost… Mia € 22,000 AL Ana Lang Since today" in page
    assert "Won 1 € 7" in page


def test_the_filters_choose_pipeline_and_owner() -> None:
    windows = make.pipeline("Windows", ("Visit",))
    client = visit.boss()
    make.deal(contacts.contact(), "Mine", owner_id=int(client.session["_auth_user_id"]))
    make.deal(contacts.contact(), "Nobody's")
    make.deal(contacts.contact(), "Bay window", at="Visit")
    kitchens = Pipeline.objects.get(name="Kitchens")

    assert "Bay window" in visit.text(client, f"{BOARD}?pipeline={windows.pk}")
    mine = visit.text(client, f"{BOARD}?pipeline={kitchens.pk}&owner=me")
    assert ("Mine" in mine, "Nobody's" in mine) == (True, False)
    others = visit.text(client, f"{BOARD}?pipeline={kitchens.pk}&owner=nobody")
    assert ("Mine" in others, "Nobody's" in others) == (False, True)
    # what nobody can mean shows the first pipeline, and everybody
    assert visit.text(client, f"{BOARD}?pipeline=x&owner=99999999999999999999&show-1=xx&lane=zzz&activity=no")


def test_a_card_is_moved_by_a_form_and_the_move_fires() -> None:
    deal, client = make.deal(contacts.contact()), visit.boss()

    told = visit.pressed(client, move(deal), to=make.stage("Offer").pk, next=f"{BOARD}?owner=me")

    assert told == "Island moved to Offer."
    [event] = contacts.events("opportunity.stage_changed")
    assert (event.data["new_stage"], event.actor) == ("Offer", "user")
    assert visit.pressed(client, move(deal), to=make.stage("Offer").pk) == ""
    assert visit.pressed(client, move(deal), to="won") == "Island is won."
    deal.refresh_from_db()
    assert deal.status == "won"
    assert visit.pressed(client, move(deal), to=make.stage().pk) == "Island moved to Enquiry."
    deal.refresh_from_db()
    assert (deal.status, deal.closed_at) == ("open", None)


def test_a_script_gets_the_lanes_anew_or_the_reason_why_not() -> None:
    deal, client = make.deal(contacts.contact()), visit.boss()
    headers = {"X-Requested-With": "fetch"}

    answer = client.post(move(deal), {"to": make.stage("Offer").pk}, headers=headers)
    page = answer.content.decode()
    assert (answer.status_code, 'data-announce="Island moved to Offer."' in page, "<html" in page) == (200, True, False)
    refused = client.post(move(deal), {"to": "999"}, headers=headers)
    assert (refused.status_code, refused.content.decode()) == (
        409, "There is no stage “999”, or more than one. Name its pipeline too.",
    )  # fmt: skip
    assert client.post(move(deal), {"to": "nowhere"}, headers=headers).content.decode() == "Choose a stage."


def test_losing_asks_for_the_reason() -> None:
    deal, client = make.deal(contacts.contact()), visit.boss()
    dear, price = make.reason(), make.reason("Cheapest of all", "won")
    address = f"/admin/pipelines/opportunity/{deal.pk}/close/"

    page = visit.text(client, f"{address}?status=lost")
    assert "Why was Island lost?" in page
    assert ("Too dear" in page, "Cheapest of all" in page) == (True, False)
    told = visit.pressed(client, address, status="lost", reason=price.pk, next=BOARD)
    assert told == ""
    told = visit.pressed(client, address, status="lost", reason=dear.pk, next=BOARD)

    deal.refresh_from_db()
    assert (told, deal.status, deal.lost_reason) == ("Island: Lost.", "lost", dear)
    assert client.get(f"{address}?status=gone").status_code == 404
    assert client.get("/admin/pipelines/opportunity/999/close/").status_code == 404


def test_who_may_only_look_moves_nothing() -> None:
    deal = make.deal(contacts.contact())
    looker = visit.staff("view_opportunity")

    page = looker.get(BOARD).content.decode()
    assert ("Island" in page, "Move to" in page, "data-moves" in page) == (True, False, False)
    assert looker.post(move(deal), {"to": "won"}).status_code == 403
    assert visit.staff("view_contact", name="other").get(BOARD).status_code == 403
    assert Client().get(BOARD).status_code == 302
    assert visit.boss().get(move(deal)).status_code == 405


def test_a_way_back_leads_to_no_other_site() -> None:
    deal = make.deal(contacts.contact())

    answer = visit.boss().post(move(deal), {"to": "won", "next": "https://evil.example/"})

    assert answer.headers["Location"] == BOARD


@pytest.mark.parametrize("address", [BOARD, "/admin/pipelines/opportunity/", "/admin/pipelines/opportunity/forecast/"])
def test_the_policy_refuses_nothing(address: str) -> None:
    make.deal(contacts.contact(), value=5, expected_close="2099-01-01")
    Stage.objects.update(colour="#2b5bd7")

    assert visit.refused_by_policy(visit.boss().get(address).content.decode()) == []


def test_more_deals_ask_no_more_queries(django_assert_max_num_queries: Any) -> None:
    mia, first, client = contacts.contact(), make.pipeline() and make.stage(), visit.boss()
    client.get(BOARD)
    Opportunity.objects.bulk_create([Opportunity(contact=mia, stage=first, name=str(n)) for n in range(60)])

    with django_assert_max_num_queries(40):
        assert "48 more" in visit.words(client.get(BOARD).content.decode())

"""The list, the form and the forecast of opportunities in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.tests import make as contacts
from pipelines.models import Opportunity, Stage
from pipelines.tests import deal_make as make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db

DEALS = "/admin/pipelines/opportunity/"


def form(**values: Any) -> dict[str, Any]:
    return {"name": "Island", "stage": make.stage().pk, "status": "open", "currency": "", **values}


def test_a_deal_is_added_and_its_form_begins_where_the_board_says() -> None:
    windows, client, mia = make.pipeline("Windows", ("Visit",)), visit.boss(), contacts.contact()
    make.pipeline()
    contacts.field("front", on="pipelines.opportunity", label="Front")

    page = client.get(f"{DEALS}add/?pipeline={windows.pk}").content.decode()
    assert f'<option value="{make.stage("Visit", "Windows").pk}" selected>Visit</option>' in page
    assert "Front" in page
    answer = client.post(f"{DEALS}add/", form(contact=mia.pk, value="22000", currency="chf", custom_front="Oak"))

    assert answer.status_code == 302, visit.words(answer.content.decode())
    deal = Opportunity.objects.get()
    assert (deal.contact, deal.value, deal.currency, deal.custom_fields) == (mia, 22000, "CHF", {"front": "Oak"})
    assert len(contacts.events("opportunity.created")) == 1


def test_what_changes_goes_through_the_services() -> None:
    ana, deal = contacts.user("ana"), make.deal(contacts.contact(), value=100)
    client = visit.boss()

    answer = client.post(
        f"{DEALS}{deal.pk}/change/",
        form(stage=make.stage("Offer").pk, value="100.00", currency="EUR", followers=[ana.pk], status="lost",
             lost_reason=make.reason().pk),
    )  # fmt: skip

    assert answer.status_code == 302, visit.words(answer.content.decode())
    deal.refresh_from_db()
    assert (deal.stage.name, deal.status, str(deal.lost_reason), list(deal.followers.all())) == (
        "Offer", "lost", "Too dear", [ana],
    )  # fmt: skip
    event, following = contacts.events("opportunity.changed")
    assert following.changes == {"followers": {"old": [], "new": ["ana"]}}
    assert set(event.changes) == {"stage", "status", "lost_reason"}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"value": "-1"}, "A value is never below zero."),
        ({"value": "1.005"}, "An amount in EUR has at most 2 decimals."),
        ({"currency": "XXX"}, "“XXX” is no currency. Enter its three letters, such as EUR."),
        ({"lost_reason": "{reason}"}, "An open opportunity has no reason for its end. Close it too."),
        ({"status": "won", "lost_reason": "{reason}"}, "“Too dear” is a reason for deals that are Lost."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_changed(values: dict[str, Any], told: str) -> None:
    deal, reason = make.deal(contacts.contact()), make.reason()
    given = {name: value.format(reason=reason.pk) for name, value in values.items()}

    answer = visit.boss().post(f"{DEALS}{deal.pk}/change/", form(source="Fair", **given) | given)

    assert answer.status_code == 200
    assert told in visit.words(answer.content.decode())
    deal.refresh_from_db()
    assert (deal.source, deal.status) == ("", "open")


def test_its_page_shows_stage_status_next_task_and_history() -> None:
    deal = make.deal(contacts.contact(), value=100)
    contacts.task(deal.contact, "Call her", due_at=timezone.now() + timedelta(days=1))

    page = visit.text(visit.boss(), f"{DEALS}{deal.pk}/change/").replace("\xa0", " ")

    assert "Island Open" in page
    assert "Mia · € 100 · Since today" in page
    assert "Next task New task Call her" in page
    assert "Opportunity created" in page


def test_buttons_close_and_open_it() -> None:
    deal, client = make.deal(contacts.contact()), visit.boss()

    assert visit.pressed(client, f"{DEALS}{deal.pk}/do/won/") == "Won."
    deal.refresh_from_db()
    assert deal.status == "won"
    assert visit.pressed(client, f"{DEALS}{deal.pk}/do/reopen/") == "Open again."
    answer = client.post(f"{DEALS}{deal.pk}/do/abandon/")
    assert answer.headers["Location"].endswith("/close/?status=abandoned")
    assert len(contacts.events("opportunity.status_changed")) == 2


def test_the_list_is_filtered_and_totals_stand_by_currency() -> None:
    make.pipeline()
    Stage.objects.update(rotting_days=3)
    make.deal(contacts.contact(), "Open", value=100)
    make.deal(contacts.contact(), "Swiss", value=5, currency="CHF", created_at=timezone.now() - timedelta(days=9))
    make.deal(contacts.contact(), "Won", at="Offer", value=70, status="won")
    client = visit.boss()

    page = visit.text(client, DEALS).replace("\xa0", " ")
    assert "Worth CHF 5 · € 100 Currencies are never added together" in page
    assert ("Swiss" in page, "No activity for 9 days" in page) == (True, True)
    assert "Worth € 70" in visit.text(client, f"{DEALS}?status=won").replace("\xa0", " ")
    assert "Worth CHF 5 Cur" in visit.text(client, f"{DEALS}?status=stale").replace("\xa0", " ")
    assert "CHF 5 · € 170" in visit.text(client, f"{DEALS}?status=all").replace("\xa0", " ")
    assert "No values." in visit.text(client, f"{DEALS}?stage={make.stage('Offer').pk}")
    kitchens = make.stage().pipeline_id
    assert "Open" in visit.text(client, f"{DEALS}?pipeline={kitchens}&q=open")


def test_many_are_moved_or_won_at_once_and_each_move_fires() -> None:
    deals = [make.deal(contacts.contact(), str(n)) for n in range(3)]
    chosen = {"_selected_action": [deal.pk for deal in deals[:2]]}
    client = visit.boss()

    asked = client.post(DEALS, {"action": "move_chosen", **chosen}).content.decode()
    assert "2 opportunities move." in visit.words(asked)
    told = visit.pressed(client, DEALS, action="move_chosen", stage=make.stage("Offer").pk, **chosen)
    assert told == "2 opportunities moved."
    assert visit.pressed(client, DEALS, action="mark_won", **chosen) == "2 opportunities are won."

    assert len(contacts.events("opportunity.stage_changed")) == 2
    assert list(Opportunity.objects.filter(status="won")) == [deals[1], deals[0]]


def test_the_forecast_is_drawn_with_a_table() -> None:
    client = visit.boss()
    assert "Nothing to forecast yet" in visit.text(client, f"{DEALS}forecast/")
    make.pipeline()
    day = timezone.now().date()
    make.deal(contacts.contact(), at="Offer", value=1000, expected_close=day + timedelta(days=40))
    make.deal(contacts.contact(), at="Offer", value=1)

    page = client.get(f"{DEALS}forecast/?pipeline={make.stage().pipeline_id}").content.decode()

    words = visit.words(page).replace("\xa0", " ")
    assert "€ 300 of € 1,000 are likely." in words
    assert "As a table" in words
    assert "1 open opportunity has no expected close and is left out." in words
    assert '<rect class="bar"' in page
    assert visit.staff("view_contact").get(f"{DEALS}forecast/").status_code == 403

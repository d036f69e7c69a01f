"""Opportunities over the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.tests import make as contacts
from pipelines import services
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
DEALS = "/api/v1/opportunities/"


def client(*scopes: str) -> Any:
    return calls.client(*(scopes or ("opportunities:read", "opportunities:write")))


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return sorted(each["name"] for each in answer.json()["results"])


def test_a_deal_is_made_read_changed_and_deleted() -> None:
    kitchens, mia, ana = make.pipeline(), contacts.contact(), contacts.user("ana")
    web = client()

    answer = web.post(
        DEALS, {"name": "Island", "contact": mia.pk, "pipeline": kitchens.pk, "value": "22000.5", "owner": "ana",
                "followers": ["ana"], "expected_close": "2026-09-01"}, format="json",
    )  # fmt: skip
    made = answer.json()
    assert answer.status_code == 201, made
    assert {name: made[name] for name in ("name", "stage", "status", "value", "currency", "owner", "followers")} == {
        "name": "Island", "stage": make.stage().pk, "status": "open", "value": "22000.50", "currency": "EUR",
        "owner": "ana", "followers": ["ana"],
    }  # fmt: skip

    here = f"{DEALS}{made['id']}/"
    patched = web.patch(here, {"stage": make.stage("Offer").pk, "value": 5}, format="json").json()
    assert (patched["stage"], patched["value"]) == (make.stage("Offer").pk, "5.00")
    assert web.get(here).json() == patched
    [event] = contacts.events("opportunity.stage_changed")
    assert (event.actor, event.origin) == ("api", "api")

    assert web.delete(here).status_code == 204
    assert not Opportunity.objects.exists()
    assert ana.pk


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"value": "soon"}, "value"),
        ({"value": -5}, "value"),
        ({"value": {"amount": 5}}, "value"),
        ({"value": True}, "value"),
        ({"value": "1.005"}, "value"),
        ({"currency": "XXX"}, "currency"),
        ({"contact": 999}, "contact"),
        ({"contact": None}, "contact"),
        ({"stage": 999}, "stage"),
        ({"pipeline": "Kitchens"}, "pipeline"),
        ({"owner": "zoe"}, "owner"),
        ({"followers": ["zoe"]}, "followers"),
        ({"status": "gone"}, "status"),
        ({"lost_reason": 999}, "lost_reason"),
        ({"expected_close": "2026-02-30"}, "expected_close"),
        ({"custom_fields": {"size": 1}}, "custom_fields.size"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(body: dict[str, Any], field: str) -> None:
    make.pipeline()
    whole = {"contact": contacts.contact().pk, "stage": make.stage().pk, **body}

    answer = client().post(DEALS, whole, format="json")

    assert answer.status_code == 400, answer.content
    assert list(calls.errors(answer)) == [field]
    assert not Opportunity.objects.exists()


def test_a_stage_of_another_pipeline_and_a_reason_that_does_not_fit_are_refused() -> None:
    deal, windows, dear = make.deal(), make.pipeline("Windows", ("Visit",)), make.reason()
    web, here = client(), f"{DEALS}{deal.pk}/"

    wrong = web.patch(here, {"pipeline": windows.pk, "stage": deal.stage_id}, format="json")
    assert calls.errors(wrong) == {"stage": "“Enquiry” is a stage of “Kitchens”, not of “Windows”."}
    assert list(calls.errors(web.patch(here, {"lost_reason": dear.pk}, format="json"))) == ["lost_reason"]
    other = contacts.contact(first_name="Ben")
    assert list(calls.errors(web.patch(here, {"contact": other.pk}, format="json"))) == ["contact"]

    lost = web.patch(here, {"status": "lost", "lost_reason": dear.pk}, format="json").json()
    assert (lost["status"], lost["lost_reason"], lost["closed_at"] is not None) == ("lost", dear.pk, True)
    opened = web.patch(here, {"status": "open"}, format="json").json()
    assert (opened["lost_reason"], opened["closed_at"]) == (None, None)


def test_required_custom_fields_are_asked_for() -> None:
    contacts.field("front", on="pipelines.opportunity", required=True)
    contacts.field("size", required=True)
    make.pipeline()
    whole = {"contact": contacts.contact().pk, "stage": make.stage().pk}

    assert list(calls.errors(client().post(DEALS, whole, format="json"))) == ["custom_fields.front"]
    made = client().post(DEALS, {**whole, "custom_fields": {"front": "Oak"}}, format="json").json()
    assert made["custom_fields"] == {"front": "Oak"}


def test_move_goes_back_unless_that_is_refused_and_opens_a_closed_deal() -> None:
    make.pipeline()
    deal = make.deal(at="Offer", status="won")
    web, here = client(), f"{DEALS}{deal.pk}/move/"

    kept = web.post(here, {"stage": make.stage().pk, "allow_back": False}, format="json")
    assert (kept.status_code, kept.json()["detail"]) == (
        409, "“Enquiry” lies before “Offer”, and going back is not allowed.",
    )  # fmt: skip
    moved = web.post(here, {"stage": make.stage().pk}, format="json").json()
    assert (moved["stage"], moved["status"]) == (make.stage().pk, "open")
    assert web.post(here, {"stage": 999}, format="json").status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Island", "Loft", "Lost"]),
        ("status=open", ["Island", "Loft"]),
        ("status=open&status=lost", ["Island", "Loft", "Lost"]),
        ("owner=ana", ["Island"]),
        ("unassigned=true", ["Loft", "Lost"]),
        ("follower=ana", ["Loft"]),
        ("tag=vip", ["Island"]),
        ("currency=chf", ["Loft"]),
        ("value_min=500", ["Island"]),
        ("value_max=499.99", ["Loft"]),
        ("search=mia isl", ["Island"]),
        ("source=Fair", ["Loft"]),
        ("stage={offer}", ["Loft"]),
        ("pipeline={pipeline}", ["Island", "Loft", "Lost"]),
        ("contact={ben}", ["Loft", "Lost"]),
        ("lost_reason={reason}", ["Lost"]),
        ("expected_from=2026-05-01&expected_until=2026-05-31", ["Island"]),
        ("created_since={yesterday}", ["Loft", "Lost"]),
        ("in_stage_since={yesterday}", ["Island"]),
        ("inactive_since={yesterday}", ["Island"]),
        ("closed_since={yesterday}", ["Lost"]),
        ("custom_field=front:Oak", ["Island"]),
        ("custom_field=front:", ["Loft", "Lost"]),
    ],
)
def test_lists_are_narrowed(query: str, found: list[str]) -> None:
    contacts.field("front", on="pipelines.opportunity")
    make.pipeline()
    mia, ben, ana = contacts.contact(), contacts.contact(first_name="Ben"), contacts.user("ana")
    contacts.tag("VIP", mia)
    now, reason = timezone.now(), make.reason()
    make.deal(
        mia, "Island", owner=ana, value=500, expected_close="2026-05-09", custom_fields={"front": "Oak"},
        created_at=now - timedelta(days=5),
    )  # fmt: skip
    make.deal(ben, "Loft", at="Offer", value=9, currency="CHF", source="Fair").followers.add(ana)
    make.deal(ben, "Lost", status="lost", lost_reason=reason)
    numbers = {
        "offer": make.stage("Offer").pk, "pipeline": make.stage().pipeline_id, "ben": ben.pk, "reason": reason.pk,
        "yesterday": (now - timedelta(days=1)).isoformat().replace("+00:00", "Z"),
    }  # fmt: skip

    assert names(client().get(f"{DEALS}?{query.format(**numbers)}")) == found


@pytest.mark.parametrize("query", ["status=gone", "value_min=much", "stage=999", "expected_from=x", "custom_field=x"])
def test_filters_that_make_no_sense_are_refused(query: str) -> None:
    assert client().get(f"{DEALS}?{query}").status_code == 400


def test_totals_are_told_by_stage_status_and_currency_and_never_added() -> None:
    make.pipeline()
    make.deal(at="Offer", value="100.10")
    make.deal(at="Offer", value="0.20")
    make.deal(at="Offer", value=7, currency="CHF")
    make.deal(at="Offer")
    make.deal(at="Enquiry", value=1, status="won")
    offer, enquiry = make.stage("Offer").pk, make.stage().pk

    assert client().get(f"{DEALS}totals/").json() == [
        {"stage": enquiry, "status": "won", "currency": "EUR", "count": 1, "value": "1.00"},
        {"stage": offer, "status": "open", "currency": "CHF", "count": 1, "value": "7.00"},
        {"stage": offer, "status": "open", "currency": "EUR", "count": 3, "value": "100.30"},
    ]
    assert client().get(f"{DEALS}totals/?currency=CHF").json()[0]["count"] == 1


def test_pages_follow_each_other_and_queries_do_not_grow(django_assert_max_num_queries: Any) -> None:
    for n in range(7):
        make.deal(name=str(n))

    with django_assert_max_num_queries(12):
        first = client().get(f"{DEALS}?page_size=5").json()
    assert [each["name"] for each in first["results"]] == ["6", "5", "4", "3", "2"]
    assert names(client().get(first["next"])) == ["0", "1"]


def test_a_key_needs_the_scope() -> None:
    deal = make.deal()

    assert client("contacts:read").get(DEALS).status_code == 403
    reader = client("opportunities:read")
    assert reader.get(DEALS).status_code == 200
    assert reader.post(f"{DEALS}{deal.pk}/move/", {"stage": deal.stage_id}, format="json").status_code == 403


def test_if_match_keeps_what_another_wrote() -> None:
    deal = make.deal()
    web, here = client(), f"{DEALS}{deal.pk}/"
    tag = web.get(here)["ETag"]
    services.update(deal, {"source": "Fair"})

    assert web.patch(here, {"source": "Mine"}, format="json", headers={"If-Match": tag}).status_code == 412

"""Pipelines, stages and reasons over the API."""

from typing import Any

import pytest

from pipelines.models import LostReason, Pipeline, Stage
from pipelines.tests import deal_make as make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


def client() -> Any:
    return calls.client(
        *(f"{what}:{verb}" for what in ("pipelines", "stages", "lost-reasons") for verb in ("read", "write"))
    )


def test_a_pipeline_shows_its_stages_in_their_order() -> None:
    web = client()
    made = web.post("/api/v1/pipelines/", {"name": "Kitchens", "currency": "CHF"}, format="json").json()
    for place, name in ((2, "Offer"), (1, "Enquiry")):
        body = {"pipeline": made["id"], "name": name, "position": place, "probability": 30, "rotting_days": 7}
        assert web.post("/api/v1/stages/", body, format="json").status_code == 201

    shown = web.get(f"/api/v1/pipelines/{made['id']}/").json()

    assert [(stage["name"], stage["rotting_days"]) for stage in shown["stages"]] == [("Enquiry", 7), ("Offer", 7)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"probability": 101}, "probability"),
        ({"rotting_days": 0}, "rotting_days"),
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
        ({"pipeline": 999}, "pipeline"),
        ({"name": "ENQUIRY"}, ""),
    ],
)
def test_a_stage_that_is_wrong_is_refused_at_its_field(body: dict[str, Any], field: str) -> None:
    kitchens = make.pipeline()

    answer = client().post("/api/v1/stages/", {"pipeline": kitchens.pk, "name": "New", **body}, format="json")

    assert (answer.status_code, list(calls.errors(answer))) == (400, [field])
    assert Stage.objects.count() == 3


def test_two_pipelines_of_one_name_are_refused_whatever_the_case() -> None:
    make.pipeline("Kitchens")

    answer = client().post("/api/v1/pipelines/", {"name": "KITCHENS"}, format="json")

    assert calls.errors(answer) == {"": "There is a pipeline of this name already."}
    assert list(calls.errors(client().post("/api/v1/pipelines/", {"name": "A", "currency": "XXX"}, format="json"))) == [
        "currency"
    ]


def test_a_stage_stays_in_its_pipeline() -> None:
    make.pipeline()
    windows, stage = make.pipeline("Windows", ("Visit",)), make.stage()

    changed = client().patch(
        f"/api/v1/stages/{stage.pk}/", {"pipeline": windows.pk, "probability": 15}, format="json"
    ).json()  # fmt: skip

    assert (changed["pipeline"], changed["probability"]) == (stage.pipeline_id, 15)


def test_what_holds_deals_is_not_deleted() -> None:
    make.pipeline()
    deal = make.deal(status="lost", lost_reason=make.reason())
    web = client()

    for address, told in (
        (f"stages/{deal.stage_id}", "“Enquiry” holds 1 opportunity. Move them to another stage first."),
        (f"pipelines/{deal.pipeline_id}", "“Kitchens” holds 1 opportunity. Move them to another pipeline first."),
        (f"lost-reasons/{deal.lost_reason_id}", "“Too dear” holds 1 opportunity. Give them another reason first."),
    ):
        answer = web.delete(f"/api/v1/{address}/")
        assert (answer.status_code, answer.json()["detail"]) == (409, told)
    assert web.delete(f"/api/v1/stages/{make.stage('Offer').pk}/").status_code == 204
    deal.delete()
    assert web.delete(f"/api/v1/pipelines/{Pipeline.objects.get().pk}/").status_code == 204
    assert not Stage.objects.exists()


def test_reasons_are_for_won_or_for_lost_deals() -> None:
    web = client()
    made = web.post("/api/v1/lost-reasons/", {"name": "Price", "outcome": "won"}, format="json").json()
    web.post("/api/v1/lost-reasons/", {"name": "Price"}, format="json")

    assert LostReason.objects.count() == 2
    assert [each["id"] for each in web.get("/api/v1/lost-reasons/?outcome=won").json()["results"]] == [made["id"]]
    again = web.post("/api/v1/lost-reasons/", {"name": "price", "outcome": "won"}, format="json")
    assert calls.errors(again) == {"": "There is a reason of this name already."}

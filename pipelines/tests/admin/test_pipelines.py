"""Pipelines with their stages, and reasons, in the admin."""

from typing import Any

import pytest

from contacts.tests import make as contacts
from pipelines.models import LostReason, Pipeline, Stage
from pipelines.tests import deal_make as make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db

PIPELINES = "/admin/pipelines/pipeline/"


def form(pipeline: Pipeline | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    existing = sum(bool(row.get("id")) for row in rows)
    data: dict[str, Any] = {
        "name": pipeline.name if pipeline else "Kitchens", "currency": "EUR", "position": 0,
        "stages-TOTAL_FORMS": len(rows), "stages-INITIAL_FORMS": existing,
    }  # fmt: skip
    for n, row in enumerate(rows):
        whole = {"position": n, "probability": 50, "rotting_days": "", "colour": "", **row}
        data |= {f"stages-{n}-{name}": value for name, value in whole.items()}
        data |= {f"stages-{n}-pipeline": pipeline.pk if pipeline else ""}
    return data


def test_a_pipeline_is_made_with_its_stages() -> None:
    answer = visit.boss().post(
        f"{PIPELINES}add/", form(None, [{"name": "Enquiry"}, {"name": "Offer", "rotting_days": 7}])
    )

    assert answer.status_code == 302, visit.words(answer.content.decode())
    assert list(Stage.objects.values_list("name", "position", "rotting_days")) == [
        ("Enquiry", 0, None),
        ("Offer", 1, 7),
    ]


def test_a_stage_that_holds_deals_is_not_deleted_and_nothing_else_is_changed() -> None:
    deal = make.deal(contacts.contact())
    rows = [{"id": each.pk, "name": f"{each.name}!"} for each in Stage.objects.all()]
    rows[0] |= {"name": "Enquiry", "DELETE": "on"}

    answer = visit.boss().post(f"{PIPELINES}{deal.pipeline_id}/change/", form(deal.pipeline, rows))

    assert "“Enquiry” holds 1 opportunity. Move them to another stage first." in visit.words(answer.content.decode())
    assert list(Stage.objects.values_list("name", flat=True)) == ["Enquiry", "Planning", "Offer"]


def test_an_empty_stage_goes() -> None:
    pipeline = make.pipeline()
    rows = [{"id": each.pk, "name": each.name} for each in Stage.objects.all()]
    rows[2]["DELETE"] = "on"

    answer = visit.boss().post(f"{PIPELINES}{pipeline.pk}/change/", form(pipeline, rows))

    assert answer.status_code == 302, visit.words(answer.content.decode())
    assert Stage.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"name": "Enquiry", "probability": 101}, "Ensure this value is less than or equal to 100."),
        ({"name": "Enquiry", "colour": "red"}, "Write a colour such as #2b5bd7."),
        ({"name": "Enquiry", "rotting_days": 0}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_a_stage_that_is_wrong_is_told_at_its_field(row: dict[str, Any], told: str) -> None:
    answer = visit.boss().post(f"{PIPELINES}add/", form(None, [row]))

    assert told in visit.words(answer.content.decode())
    assert not Pipeline.objects.exists()


def test_the_list_shows_the_way_and_what_is_open() -> None:
    make.deal(contacts.contact())

    assert "Enquiry → Planning → Offer 1 EUR" in visit.text(visit.boss(), PIPELINES)


def test_what_is_needed_has_no_way_to_be_deleted() -> None:
    deal = make.deal(contacts.contact(), status="lost", lost_reason=make.reason())
    client = visit.boss()

    assert client.post(f"{PIPELINES}{deal.pipeline_id}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/pipelines/lostreason/{deal.lost_reason_id}/delete/", {"post": "yes"}).status_code == 403
    deal.delete()
    assert client.post(f"{PIPELINES}{Pipeline.objects.get().pk}/delete/", {"post": "yes"}).status_code == 302
    client.post(f"/admin/pipelines/lostreason/{LostReason.objects.get().pk}/delete/", {"post": "yes"})
    assert not LostReason.objects.exists()

"""Backfills in the admin: counted, begun, cancelled."""

from typing import Any

import pytest

from triggers import services
from triggers.models import Backfill, Run, Workflow
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.builder import posting

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/backfill/"
FILL = ("view_backfill", "backfill_workflow")


@pytest.fixture
def flow() -> Workflow:
    return make.workflow()


def form(flow: Workflow, **values: Any) -> dict[str, Any]:
    return {"workflow": flow.pk, "over": "contacts", "since": "", "per_minute": "60", "conditions": "", **values}


def counted(flow: Workflow, client: Any = None, **values: Any) -> Any:
    return (client or visit.staff(*FILL, name="clara")).post(f"{LIST}add/", form(flow, **values))


def test_it_is_counted_first_and_nothing_starts(flow: Workflow) -> None:
    make.contact(country="DE"), make.contact(country="FR")
    client = visit.staff(*FILL)

    answer = counted(flow, client, conditions='{"field": "contact.country", "op": "is", "value": "DE"}')

    made = Backfill.objects.get()
    assert (made.matching, made.status, made.created_by.username) == (1, "counted", "limited")
    assert answer["Location"] == f"{LIST}{made.pk}/change/"
    said = visit.text(client, answer["Location"])
    assert "1 would start. At 60 a minute that takes a minute. Nothing starts before you begin." in said
    assert "Begin" in said
    assert Run.objects.count() == 0


def test_conditions_that_are_wrong_are_refused_at_their_field(flow: Workflow) -> None:
    answer = counted(flow, conditions='{"field": "contact.shoe", "op": "is", "value": "DE"}')

    assert answer.context["adminform"].form.errors["conditions"] == [
        'conditions.field: There is no field "contact.shoe".'
    ]
    assert Backfill.objects.count() == 0


def test_conditions_are_chosen_in_rows_and_a_wrong_one_is_told_at_its_row(flow: Workflow) -> None:
    make.contact(country="DE"), make.contact(country="FR")
    client, add, rows = visit.boss(), f"{LIST}add/", f"{LIST}rows/"
    page = posting.posted(client.get(add).content.decode())
    page["workflow"], page["over"] = str(flow.pk), "contacts"
    posting.put_in(page, posting.post(client, rows, page, "leaf:a1~only_if"))
    page["a1~only_if-0.field"] = "contact.country"
    posting.put_in(page, posting.post(client, rows, page, "choose:a1~only_if-0"))

    page["a1~only_if-0.op"] = "before"
    refused = client.post(add, page.urlencode(), content_type="application/x-www-form-urlencoded").content.decode()
    assert Backfill.objects.count() == 0
    assert 'id="a1~only_if-0:errors"' in refused

    page["a1~only_if-0.op"], page["a1~only_if-0.value"] = "is", "DE"
    posting.post(client, add, page)
    made = Backfill.objects.get()
    assert (made.matching, made.conditions) == (1, {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]})
    assert "Contacts that country is Germany" in visit.text(client, f"{LIST}{made.pk}/change/")


def test_only_live_workflows_are_offered(flow: Workflow) -> None:
    services.pause(flow)

    answer = counted(flow)

    assert "workflow" in answer.context["adminform"].form.errors
    assert Backfill.objects.count() == 0


def test_begin_and_cancel(flow: Workflow) -> None:
    make.contact()
    client = visit.staff(*FILL)
    counted(flow, client)
    made = Backfill.objects.get()
    client.get(LIST)

    assert visit.pressed(client, f"{LIST}{made.pk}/do/begin/") == "Begun: at most 60 starts a minute."
    made.refresh_from_db()
    assert made.status == "running"

    assert visit.pressed(client, f"{LIST}{made.pk}/do/cancel/").startswith("Cancelled: nothing more starts.")
    made.refresh_from_db()
    assert made.status == "cancelled"


def test_the_permission_to_fill_is_needed_for_all_of_it(flow: Workflow) -> None:
    counted(flow, visit.boss())
    made, client = Backfill.objects.get(), visit.staff("view_backfill", "add_backfill", "change_backfill")

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}add/", form(flow)).status_code == 403
    assert client.post(f"{LIST}{made.pk}/do/begin/").status_code == 403
    assert client.post(f"{LIST}{made.pk}/do/cancel/").status_code == 403
    made.refresh_from_db()
    assert made.status == "counted"


def test_the_list_tells_how_far_each_is(flow: Workflow) -> None:
    counted(flow, visit.boss())
    Backfill.objects.update(matching=7, started=3, status="running")

    assert "Welcome Contacts Running 3 of 7" in visit.text(visit.staff("view_backfill"), LIST)

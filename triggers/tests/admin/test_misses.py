"""Non-starts in the admin: the list, and the way to the explanation."""

import pytest

from triggers import sweeping
from triggers.models import Event, Miss
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/miss/"
GERMAN = [{
    "uid": "t1", "event": "contact.tag_added", "config": {},
    "conditions": {"field": "contact.country", "op": "is", "value": "DE"},
}]  # fmt: skip


def miss(times: int = 1) -> Miss:
    make.workflow(name="VIP welcome", triggers=GERMAN)
    for n in range(times):
        make.tag(make.contact(first_name="Anna", last_name="Schmidt"), f"tag {n}")
    sweeping.drain()
    return Miss.objects.latest("id")


def test_who_may_not_see_them_sees_none() -> None:
    assert visit.staff("view_run").get(LIST).status_code == 403


def test_the_list_tells_whom_what_and_why() -> None:
    miss()

    said = visit.text(visit.staff("view_miss"), LIST)

    assert "Anna Schmidt VIP welcome Country was empty, the workflow asks for Germany. Tag added" in said


def test_the_list_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    miss(times=30)
    boss = visit.boss()

    with django_assert_max_num_queries(21):
        assert boss.get(LIST).status_code == 200


def test_it_narrows_down_to_a_workflow() -> None:
    found = miss()
    client = visit.staff("view_miss")

    assert len(client.get(f"{LIST}?workflow={found.workflow_id}").context["cl"].result_list) == 1
    assert len(client.get(f"{LIST}?workflow=999999").context["cl"].result_list) == 0
    assert len(client.get(f"{LIST}?workflow=x").context["cl"].result_list) == 1


def test_what_is_gone_meanwhile_leaves_its_place_empty() -> None:
    miss()
    Event.objects.all().delete()

    assert "Nobody VIP welcome contact.country was empty" in visit.text(visit.staff("view_miss"), LIST)


def test_a_miss_leads_to_its_explanation() -> None:
    found = miss()

    answer = visit.staff("view_miss").get(f"{LIST}{found.pk}/change/")

    assert answer["Location"] == f"/admin/triggers/explain/?workflow={found.workflow_id}&event={found.event_id}"


def test_one_that_is_gone_leads_back() -> None:
    assert visit.boss().get(f"{LIST}999999/change/").status_code == 302

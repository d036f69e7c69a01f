"""Receivers in the admin, and the button that says one works again."""

import pytest
from django.utils import timezone

from triggers import sweeping
from triggers.action_types import Hold
from triggers.models import Destination, Run
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/destination/"


@pytest.fixture
def held() -> Destination:
    with probe(Hold("It refused the credentials."), target="https://erp.example"):
        make.workflow(make.action("p", "probe"))
        make.tag(make.contact())
        sweeping.drain()
    return Destination.objects.get()


def test_the_list_and_the_page_tell_what_is_held(held: Destination) -> None:
    client = visit.staff("view_destination")
    page = visit.text(client, f"{LIST}{held.pk}/change/")

    assert "https://erp.example Held It refused the credentials. 1" in visit.text(client, LIST)
    assert "It refused the credentials. Nothing is sent to it before you say that it works again." in page
    assert "Runs held by it 1" in page
    assert "It works again" not in page
    assert visit.staff("view_run", name="other").get(LIST).status_code == 403


def test_one_that_works_has_nothing_to_repair() -> None:
    fine = Destination.objects.create(key="https://fine.example")
    failing = Destination.objects.create(key="https://shaky.example", failures=2, failing_since=timezone.now())
    boss = visit.boss()

    assert "Calls go through." in visit.text(boss, f"{LIST}{fine.pk}/change/")
    assert "It works again" not in visit.text(boss, f"{LIST}{fine.pk}/change/")
    assert "The last 2 calls failed; it is tried again by itself." in visit.text(boss, f"{LIST}{failing.pk}/change/")


def test_works_again_lets_held_runs_go_on(held: Destination) -> None:
    told = visit.pressed(visit.staff("view_destination", "operate_run"), f"{LIST}{held.pk}/do/works-again/")

    held.refresh_from_db()
    assert (told, held.status, Run.objects.get().status) == ("1 held run goes on.", "ok", "pending")


def test_works_again_needs_its_permission(held: Destination) -> None:
    client = visit.staff("view_destination", "change_destination")

    assert client.post(f"{LIST}{held.pk}/do/works-again/").status_code == 403
    held.refresh_from_db()
    assert held.status == "held"

"""Buttons: by POST alone, under their own permission, back to where they were pressed."""

import pytest
from django.test import Client

from triggers import sweeping
from triggers.models import Run
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
WAIT = make.action("w", "wait.duration", days=2)


@pytest.fixture
def run() -> Run:
    flow = make.workflow(WAIT)
    make.tag(make.contact())
    sweeping.drain()
    return make.runs(flow)[0]


def address(run: Run, name: str) -> str:
    return f"/admin/triggers/run/{run.pk}/do/{name}/"


def test_a_button_is_not_pressed_by_looking(run: Run) -> None:
    assert visit.boss().get(address(run, "stop")).status_code == 405
    run.refresh_from_db()
    assert run.status == "waiting"


def test_a_button_needs_its_own_permission_besides_the_page(run: Run) -> None:
    for client in (visit.staff("view_run"), visit.staff("operate_run", name="blind")):
        assert client.post(address(run, "stop")).status_code == 403
    run.refresh_from_db()
    assert run.status == "waiting"


def test_somebody_signed_out_is_asked_to_sign_in(run: Run) -> None:
    answer = Client().post(address(run, "stop"))

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


def test_a_button_needs_the_token_of_its_page(run: Run) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user("boss", is_staff=True, is_superuser=True))

    assert client.post(address(run, "stop")).status_code == 403


def test_unknown_buttons_and_records_are_not_found(run: Run) -> None:
    boss = visit.boss()

    assert boss.post(address(run, "explode")).status_code == 404
    assert boss.post("/admin/triggers/run/999999/do/stop/").status_code == 404


def test_it_goes_back_to_the_page_or_to_where_it_was_pressed(run: Run) -> None:
    boss = visit.boss()

    assert boss.post(address(run, "stop"), {"next": "/admin/"})["Location"] == "/admin/"
    assert boss.post(address(run, "stop"))["Location"] == f"/admin/triggers/run/{run.pk}/change/"
    assert boss.post(address(run, "stop"), {"next": "https://evil.example/"})["Location"] == (
        f"/admin/triggers/run/{run.pk}/change/"
    )


def test_what_the_service_refuses_is_told_and_changes_nothing(run: Run) -> None:
    told = visit.pressed(visit.boss(), address(run, "it-was-sent"))

    assert told == "Only an uncertain run asks for a decision."
    run.refresh_from_db()
    assert run.status == "waiting"


def test_only_what_may_be_pressed_is_offered(run: Run) -> None:
    page = f"/admin/triggers/run/{run.pk}/change/"

    assert "Stop…" in visit.text(visit.boss(), page)
    assert "Stop…" not in visit.text(visit.staff("view_run"), page)

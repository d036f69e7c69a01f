"""The search in the header."""

import pytest
from django.test import Client

from pipelines.tests import deal_make as deals
from pipelines.tests.maps import make as maps
from triggers import sweeping
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
PAGE = "/admin/find/"


def test_it_finds_contacts_workflows_and_runs() -> None:
    flow = make.workflow(name="Welcome Anna")
    anna = make.contact(first_name="Anna", last_name="Schmidt")
    make.tag(anna)
    sweeping.drain()
    [run] = make.runs(flow)
    boss = visit.boss()

    said = visit.text(boss, f"{PAGE}?q=anna")
    assert "Contacts Anna Schmidt Workflows Welcome Anna When tag added: set variables “yes” Live" in said
    assert f"Runs Run {run.pk} Welcome Anna Done" in visit.text(boss, f"{PAGE}?q={run.pk}")


def test_it_finds_only_what_a_person_may_see() -> None:
    make.workflow(name="Welcome Anna")
    make.contact(first_name="Anna", last_name="Schmidt")

    said = visit.text(visit.staff("view_contact"), f"{PAGE}?q=anna")

    assert "Anna Schmidt" in said
    assert "Welcome Anna" not in said
    assert "Nothing found" in visit.text(visit.staff(name="other"), f"{PAGE}?q=anna")


def test_it_finds_deals_by_name_and_contact_and_maps() -> None:
    anna = make.contact(first_name="Anna", last_name="Schmidt")
    deals.deal(anna, name="Island", status="won")
    maps.a_map("T1 std a!", name="Consultation")

    boss = visit.boss()

    said = visit.text(boss, f"{PAGE}?q=schmidt")
    assert "Opportunities Island Anna Schmidt · Kitchens, Enquiry Won" in said
    assert "Opportunities Island" in visit.text(boss, f"{PAGE}?q=isl")
    assert "Maps Consultation" in visit.text(boss, f"{PAGE}?q=consult")
    assert "Opportunities Island" not in visit.text(visit.staff("view_contact"), f"{PAGE}?q=schmidt")


def test_nothing_asked_for_shows_nothing() -> None:
    make.contact(first_name="Anna", last_name="Schmidt")

    said = visit.text(visit.boss(), PAGE)

    assert "Anna Schmidt" not in said
    assert "Nothing found" not in said


def test_who_is_not_signed_in_is_asked_to() -> None:
    assert Client().get(PAGE)["Location"] == "/admin/login/?next=/admin/find/"

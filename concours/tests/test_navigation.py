"""The navigation: groups in their order, only what a person may see, counts, and where one is."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.utils import timezone

from concours import bounded, navigation
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Run
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def groups(client: Client, address: str = "/admin/") -> dict[str, dict[str, Any]]:
    shown = client.get(address).context["navigation"]
    return {str(group.label): {str(item.label): item for item in group.items} for group in shown}


def test_groups_stand_in_the_order_people_think_in() -> None:
    found = groups(visit.boss())

    assert list(found) == [
        "Automation", "Contacts", "Pipelines", "Appointments", "Conversations", "Capture", "Commerce", "Affiliates",
        "Communities", "Courses", "Connections", "Organisation",
    ]  # fmt: skip
    assert list(found["Automation"]) == [
        "Workflows", "Runs", "Failures", "Events", "Explain", "Non-starts", "Backfills", "Scheduler",
    ]  # fmt: skip
    assert list(found["Contacts"]) == [
        "Contacts", "My tasks", "Tasks", "Notes", "Tags", "Custom fields", "Score rules", "Score limits",
        "Imports", "Probable duplicates",
    ]  # fmt: skip
    assert list(found["Pipelines"]) == [
        "Board", "Opportunities", "Forecast", "Journeys", "Maps", "What if", "Video library", "Pipelines",
        "Reasons for winning or losing",
    ]  # fmt: skip


def test_every_registered_page_is_reached() -> None:
    reached = {item.url for items in groups(visit.boss()).values() for item in items.values()}

    for model in admin.site._registry:
        assert f"/admin/{model._meta.app_label}/{model._meta.model_name}/" in reached


def test_a_person_sees_what_they_may_and_no_empty_group() -> None:
    found = groups(visit.staff("view_contact", "view_run"))

    assert {name: list(items) for name, items in found.items()} == {
        "Automation": ["Runs", "Failures"],
        "Contacts": ["Contacts"],
        "Organisation": ["Notices"],
    }


def test_counts_tell_failures_my_tasks_and_totals() -> None:
    client = visit.boss()
    me = int(client.session["_auth_user_id"])
    make.workflow()
    make.tag(make.contact())
    sweeping.drain()
    Run.objects.update(status="failed", finished_at=timezone.now())
    contacts.task(assignee_id=me), contacts.task(assignee_id=me, completed_at=timezone.now())

    found = groups(client)

    assert (found["Automation"]["Failures"].count, found["Automation"]["Failures"].bad) == ("1", True)
    assert (found["Automation"]["Workflows"].count, found["Contacts"]["Contacts"].count) == ("1", "1")
    assert found["Contacts"]["My tasks"].count == "1"
    assert found["Automation"]["Runs"].count == ""


def test_what_is_more_than_is_counted_is_told_as_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST", 1)
    client = visit.boss()
    make.workflow()
    for n in range(2):
        make.tag(make.contact(email=f"{n}@example.org"))
    sweeping.drain()
    Run.objects.update(status="uncertain")

    assert groups(client)["Automation"]["Failures"].count == "1+"


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/admin/triggers/run/", "Runs"), ("/admin/triggers/run/?needs=a-person", "Failures"),
        ("/admin/triggers/run/?status=done", "Runs"), ("/admin/triggers/workflow/add/", "Workflows"),
        ("/admin/triggers/explain/?workflow=1", "Explain"), ("/admin/contacts/contact/", "Contacts"),
        ("/admin/pipelines/map/what-if/?map=1", "What if"), ("/admin/pipelines/map/add/", "Maps"),
        ("/admin/contacts/task/mine/", "My tasks"), ("/admin/contacts/task/?due=today", "Tasks"),
        ("/admin/pipelines/opportunity/board/?owner=me", "Board"), ("/admin/pipelines/opportunity/", "Opportunities"),
    ],
)  # fmt: skip
def test_where_one_is_stands_out(address: str, label: str) -> None:
    found = groups(visit.boss(), address)

    current = [name for items in found.values() for name, item in items.items() if item.current]
    assert current == [label]


def test_a_group_opens_for_the_page_within() -> None:
    client = visit.boss()

    def opened(address: str) -> set[str]:
        return {str(group.label) for group in client.get(address).context["navigation"] if group.is_open}

    assert opened("/admin/") == {"Automation", "Contacts"}
    assert opened("/admin/capture/inboundwebhook/") == {"Automation", "Contacts", "Capture"}


def test_totals_are_asked_for_once_a_minute(django_assert_num_queries) -> None:
    request = RequestFactory().get("/admin/")
    request.user = make.user("boss", is_superuser=True, is_staff=True)
    navigation.build(admin.site, request)

    # Failures are two questions, tasks one; totals are remembered.
    with django_assert_num_queries(3):
        navigation.build(admin.site, request)

"""A real browser signs in and looks at the pages: nothing complains, nothing scrolls sideways."""

from typing import Any

import pytest
from django.urls import reverse

from concours.tests import browsing
from concours.tests.browsing import Visit, browser, chromium
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Organisation, Run
from triggers.tests import make

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks


@pytest.fixture
def run() -> Run:
    make.user("boss", is_staff=True, is_superuser=True)
    Organisation.objects.create(name="Brandt Küchen", time_zone="Europe/Berlin")
    flow = make.workflow(
        make.action("a1", "data.set", values={"seen": "yes"}), make.action("w", "wait.duration", days=2)
    )
    make.tag(make.contact(first_name="Anna", last_name="Schmidt"))
    sweeping.drain()
    return make.runs(flow)[0]


def test_the_run_page_opens_without_a_complaint(browser: Any, live_server: Any, run: Run) -> None:
    visit = Visit(browser, live_server.url)

    visit.go(reverse("admin:triggers_run_change", args=[run.pk]))

    assert visit.page.inner_text("h1") == f"Run {run.pk} for Anna Schmidt"
    visit.page.click("text=Inputs >> nth=0")
    assert '"seen": "yes"' in visit.page.inner_text("details[open] pre")
    assert visit.complaints == []


def test_pages_fit_a_phone_and_the_menu_opens(browser: Any, live_server: Any, run: Run) -> None:
    visit = Visit(browser, live_server.url, viewport={"width": 390, "height": 844})
    contact = run.contact_id

    for path in (
        "/admin/", "/admin/triggers/workflow/", f"/admin/triggers/workflow/{run.workflow_id}/change/",
        f"/admin/triggers/run/{run.pk}/change/", "/admin/contacts/contact/", f"/admin/contacts/contact/{contact}/change/",
        f"/admin/contacts/contact/{contact}/change/?edit=1",
        f"/admin/triggers/explain/?workflow={run.workflow_id}&contact={contact}",
    ):  # fmt: skip
        visit.go(path)
        assert visit.sticks_out() <= 0, path
    assert not visit.page.is_visible("#nav")
    visit.page.click("#menu-button")
    assert visit.page.is_visible("#nav")
    visit.page.keyboard.press("Escape")
    assert not visit.page.is_visible("#nav")
    assert visit.complaints == []


def test_widgets_work_under_the_policy(browser: Any, live_server: Any, run: Run) -> None:
    contacts.tag("Kitchen")
    visit = Visit(browser, live_server.url)

    visit.go(f"/admin/contacts/contact/{run.contact_id}/change/?edit=1")
    visit.page.click(".field-tagged .select2-selection")
    visit.page.keyboard.type("Kit")
    visit.page.click(".select2-results__option >> text=Kitchen")
    visit.page.click("input[name=_continue]")
    assert "Kitchen" in visit.page.inner_text(".field-tagged .select2-selection")

    visit.go("/admin/contacts/contact/")
    assert not visit.page.is_visible(".actions")
    visit.page.check("#action-toggle")
    assert visit.page.is_visible(".actions")

    visit.page.click(".theme-toggle")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 22)"

    visit.page.keyboard.press("/")
    visit.page.keyboard.type("Anna")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/admin/find/?q=Anna")
    assert "Anna Schmidt" in visit.page.inner_text("main")
    assert visit.complaints == []


def test_the_navigation_is_filtered_as_one_types(browser: Any, live_server: Any, run: Run) -> None:
    visit = Visit(browser, live_server.url)

    visit.page.fill("#nav-filter", "web")

    assert visit.page.is_visible("#nav >> text=Inbound webhooks")
    assert not visit.page.is_visible("#nav >> text=Workflows")
    visit.page.fill("#nav-filter", "")
    assert visit.page.is_visible("#nav >> text=Workflows")
    assert not visit.page.is_visible("#nav >> text=Inbound webhooks")


def test_the_page_of_the_api_works_under_its_exception(browser: Any, live_server: Any, run: Run) -> None:
    visit = Visit(browser, live_server.url)

    visit.go("/api/v1/docs/")
    visit.page.wait_for_selector(".opblock")

    assert visit.complaints == []

"""A real browser: an agent completes a step, advances, and reads what happened; a lead's page watches a video."""

from typing import Any

import pytest

from concours.tests import browsing
from concours.tests.browsing import Visit, browser, chromium
from pipelines.maps import links, verbs
from pipelines.models import Journey, Map, Step
from pipelines.tests.maps import make
from triggers.models import Organisation
from triggers.tests import make as engine

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks


@pytest.fixture
def journey() -> Journey:
    engine.user("boss", is_staff=True, is_superuser=True, first_name="Clara", last_name="Vogt")
    Organisation.objects.create(name="Brandt Küchen", time_zone="Europe/Berlin")
    made = make.a_map("Plan std style! photos~", "Offer std sent!")
    Step.objects.filter(name="style").update(control="dropdown", choices=["Oak", "Ash"])
    person = make.lead(first_name="Sophie", last_name="Lang")
    verbs.assign(person.pk, made)
    return make.journey(person)


def test_an_agent_completes_a_step_advances_and_sees_the_history(
    browser: Any, live_server: Any, journey: Journey
) -> None:
    visit = Visit(browser, live_server.url)
    visit.go(f"/admin/pipelines/journey/{journey.pk}/change/")
    page = visit.page
    assert page.is_disabled("button[value=advance]")

    page.select_option("select[name=value]", "Oak")
    page.click("button[value=complete] >> nth=0")
    page.wait_for_selector("text=“style” is done.")
    page.click('button:has-text("Advance to Offer")')
    page.wait_for_selector("text=Advanced.")

    history = page.inner_text(".story")
    assert "Track Plan closed; Offer opened" in history
    assert "Clara Vogt completed style" in history
    assert "“photos”" not in page.inner_text(".now")
    assert visit.complaints == []


def test_a_step_of_a_map_is_moved_with_the_keyboard(browser: Any, live_server: Any, journey: Journey) -> None:
    visit = Visit(browser, live_server.url)
    visit.go(f"/admin/pipelines/map/{journey.map_id}/change/")

    visit.page.focus(f"#step-{make.step('Plan.photos').pk}")
    visit.page.keyboard.press("Alt+ArrowUp")
    visit.page.wait_for_selector("text=“photos”, position 1 of 2.")

    made = Map.objects.get()
    assert list(Step.objects.filter(track__map=made, track__name="Plan").order_by("position").values_list("name", flat=True)) == [
        "photos", "style",
    ]  # fmt: skip
    assert visit.complaints == []


@pytest.mark.parametrize("path", ["journey", "map", "lead", "what-if"])
def test_the_pages_fit_a_phone(browser: Any, live_server: Any, journey: Journey, path: str) -> None:
    visit = Visit(browser, live_server.url, viewport={"width": 390, "height": 844})

    visit.go({
        "journey": f"/admin/pipelines/journey/{journey.pk}/change/", "map": f"/admin/pipelines/map/{journey.map_id}/change/",
        "lead": f"/j/{links.token(journey)}/", "what-if": f"/admin/pipelines/map/what-if/?map={journey.map_id}",
    }[path])  # fmt: skip

    assert visit.sticks_out() <= 0
    assert visit.complaints == []

"""A real browser moves cards on the board: with the pointer, with the keyboard, and by the card's menu."""

from typing import Any

import pytest

from concours.tests import browsing
from concours.tests.browsing import Visit, browser, chromium
from contacts.tests import make as contacts
from pipelines.models import Opportunity, Stage
from pipelines.tests import deal_make as make
from triggers.models import Organisation
from triggers.tests import make as engine

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks

BOARD = "/admin/pipelines/opportunity/board/"


@pytest.fixture
def deal() -> Opportunity:
    engine.user("boss", is_staff=True, is_superuser=True)
    Organisation.objects.create(name="Brandt Küchen", time_zone="Europe/Berlin")
    made = make.deal(contacts.contact(), "Island", value=22000)
    make.deal(made.contact, "Loft", at="Planning", value=900, currency="CHF")
    return made


@pytest.fixture
def launch(browser: Any, live_server: Any) -> Any:
    """Opens the board in a new window, signed in; `complaints` is what the console said."""

    def opened(**options: Any) -> Any:
        visit = Visit(browser, live_server.url, **options)
        visit.go(BOARD)
        visit.page.complaints = visit.complaints
        return visit.page

    return opened


def lane(page: Any, name: str) -> Any:
    return page.locator(f".lane[data-name='{name}']")


def cards(page: Any, name: str) -> list[str]:
    return lane(page, name).locator(".deal .top > a").all_inner_texts()


def wait_said(page: Any, words: str) -> None:
    """Waits until the live region says this."""
    page.locator("#board-said", has_text=words).wait_for(state="attached", timeout=5000)


def moves() -> list[tuple[str, str]]:
    return [(e.data["old_stage"], e.data["new_stage"]) for e in contacts.events("opportunity.stage_changed")]


def test_a_card_is_dragged_to_another_lane(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 1400, "height": 900})
    card = page.locator(f"#deal-{deal.pk}").bounding_box()
    target = lane(page, "Planning").bounding_box()

    page.mouse.move(card["x"] + 40, card["y"] + 60)
    page.mouse.down()
    page.mouse.move(card["x"] + 90, card["y"] + 70, steps=4)
    page.mouse.move(target["x"] + 100, target["y"] + 120, steps=6)
    assert page.inner_text(".drop-here") == "Island moves here"
    with page.expect_response("**/move/**"):
        page.mouse.up()
    wait_said(page, "Island moved to Planning.")

    assert cards(page, "Planning") == ["Island", "Loft"]
    assert cards(page, "Enquiry") == []
    assert "CHF\xa0900 · €\xa022,000" in lane(page, "Planning").locator("header").inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Island"
    assert moves() == [("Enquiry", "Planning")]
    assert page.complaints == []


def test_dropped_where_it_was_or_with_escape_nothing_moves(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 1400, "height": 900})
    card, target = page.locator(f"#deal-{deal.pk}").bounding_box(), lane(page, "Offer").bounding_box()

    page.mouse.move(card["x"] + 40, card["y"] + 60)
    page.mouse.down()
    page.mouse.move(target["x"] + 60, target["y"] + 100, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.mouse.move(card["x"] + 40, card["y"] + 60)
    page.mouse.down()
    page.mouse.move(card["x"] + 60, card["y"] + 90, steps=5)
    page.mouse.up()

    assert cards(page, "Enquiry") == ["Island"]
    assert page.locator(".drop-here").count() == 0
    assert moves() == []


def test_alt_and_the_arrows_move_the_card_and_keep_the_focus(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 1400, "height": 900})
    page.focus(f"#deal-{deal.pk} .top > a")

    for said in ("Island moved to Planning.", "Island moved to Offer.", "Island is won."):
        page.keyboard.press("Alt+ArrowRight")
        wait_said(page, said)
        assert page.evaluate("document.activeElement.textContent") == "Island"
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowLeft")
    wait_said(page, "Island moved to Offer.")

    deal.refresh_from_db()
    assert (deal.status, deal.stage.name) == ("open", "Offer")
    assert moves() == [("Enquiry", "Planning"), ("Planning", "Offer")]
    assert page.inner_text("#board-count") == "2 open opportunities"
    assert page.complaints == []


def test_the_cards_menu_moves_it_without_a_new_page(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 1400, "height": 900})
    page.evaluate("window.stillHere = true")

    page.click(f"#deal-{deal.pk} summary")
    page.click(f"#deal-{deal.pk} button:has-text('Offer')")
    wait_said(page, "Island moved to Offer.")

    assert cards(page, "Offer") == ["Island"]
    assert page.evaluate("window.stillHere") is True


def test_a_move_that_is_refused_is_said_and_the_card_stays(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 1400, "height": 900})
    offer = make.stage("Offer")
    Stage.objects.filter(pk=offer.pk).delete()

    page.click(f"#deal-{deal.pk} summary")
    page.click(f"#deal-{deal.pk} button:has-text('Offer')")
    page.wait_for_selector("#board-refused:not([hidden])")

    told = f"There is no stage “{offer.pk}”, or more than one. Name its pipeline too."
    assert page.inner_text("#board-refused") == told
    assert cards(page, "Enquiry") == ["Island"]


def test_a_phone_shows_one_lane_with_a_switch_and_nothing_sticks_out(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 390, "height": 844})

    assert lane(page, "Enquiry").is_visible()
    assert not lane(page, "Planning").is_visible()
    page.click(".lane-switch >> text=Planning")
    page.wait_for_load_state("networkidle")

    assert lane(page, "Planning").is_visible()
    assert not lane(page, "Enquiry").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.click(".lane.current .deal summary")
    page.click(".lane.current .deal button:has-text('Offer')")
    wait_said(page, "Loft moved to Offer.")
    assert page.complaints == []


def test_without_script_the_menu_and_the_filters_still_work(launch: Any, deal: Opportunity) -> None:
    page = launch(viewport={"width": 1400, "height": 900}, java_script_enabled=False)

    page.click(f"#deal-{deal.pk} summary")
    page.click(f"#deal-{deal.pk} button:has-text('Planning')")
    page.wait_for_load_state()
    assert "Island moved to Planning." in page.inner_text(".messagelist")
    page.select_option("select[name=activity]", "stale")
    page.click("#board-filters button")
    page.wait_for_load_state()

    assert "activity=stale" in page.url
    assert page.locator(".deal").count() == 0

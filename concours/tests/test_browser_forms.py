"""A real browser builds a form by keyboard, and fills one in: on a phone, without JavaScript, in a website's frame."""

from typing import Any

from capture.models import Form, Submission
from capture.tests import make as capture
from concours.tests import browsing
from concours.tests.browsing import Visit, browser, chromium
from triggers.models import Event, Organisation
from triggers.tests import make

pytestmark = browsing.marks
__all__ = ["browser", "chromium"]


def test_questions_are_moved_by_keyboard_and_show_what_their_kind_needs(browser: Any, live_server: Any) -> None:
    make.user("boss", is_staff=True, is_superuser=True)
    form = capture.form("Order", {"label": "A"}, {"label": "B"}, {"label": "C"})
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.go(f"/admin/capture/form/{form.pk}/change/")

    assert not page.is_visible("#id_fields-0-choices")
    page.select_option("#id_fields-0-kind", "choice")
    page.fill("#id_fields-0-choices", "Red\nBlue")
    page.focus("#id_fields-2-label")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert page.text_content("#moved") == "“C”, position 1 of 3"
    page.click("input[name=_continue]")

    assert "C" in page.frame_locator("iframe").locator("main").inner_text()
    assert list(Form.objects.get().fields.values_list("label", flat=True)) == ["C", "A", "B"]
    assert form.fields.get(label="A").choices == [{"label": "Red"}, {"label": "Blue"}]
    assert visit.complaints == []


def test_a_survey_is_filled_in_on_a_phone_without_javascript(browser: Any, live_server: Any) -> None:
    Organisation.objects.create(name="Brandt Küchen")
    capture.survey("Fit", {"label": "Who", "kind": "choice", "required": True,
                           "choices": [{"label": "I", "points": 5}, {"label": "We"}]},
                   {"label": "Name", "page": 2, "maps_to": "name", "required": True})  # fmt: skip
    page = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/f/fit/")

    page.click("text=Continue")
    assert "Choose one." in page.inner_text("main")
    page.check("[name=who][value=I]")
    page.click("text=Continue")
    page.fill("[name=name]", "Anna Schmidt")
    page.click("text=Send")

    assert "Thank you. We have got your answers." in page.inner_text("main")
    assert Submission.objects.get().answers == {"who": "I", "name": "Anna Schmidt"}
    assert Event.objects.get(type="survey.submitted").data["score"] == 5

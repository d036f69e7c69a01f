"""Somebody takes a course on a phone, in the dark and in the light: from the mailed link to the certificate."""

from importlib.resources import files
from typing import Any

import pytest
from django.utils import timezone

from concours.tests import browsing
from concours.tests.browsing import DESK, PHONE, browser, chromium
from concours.tests.test_axe import RUN
from courses import members
from courses.models import Certificate
from courses.tests import make

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_a_course_is_taken_from_the_link_to_the_certificate(
    browser: Any, live_server: Any, size: dict[str, int], scheme: str
) -> None:
    product = make.course("Caring for your kitchen", categories=2, lessons=1)
    make.template(product, on_completion=True)
    offer = make.offer(product, title="Kitchens", open=True)
    anna = make.learner(product, first_name="Anna")
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
    found: list[str] = []

    def look(path: str = "") -> None:
        """Goes there, or looks at where a button led; notes what axe finds, and what sticks out."""
        if path:
            page.goto(f"{live_server.url}{path}")
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())
        found.extend(f"{page.url}: {each}" for each in page.evaluate(RUN))
        if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
            found.append(f"{page.url} sticks out")

    look(f"/learn/offer/{offer.key}/")
    look("/learn/")
    look("/learn" + members.link(anna.pk, 0, timezone.now()).partition("/learn")[2])
    page.get_by_role("button", name="Sign in").click()
    look()
    page.get_by_role("link", name="Caring for your kitchen").click()
    look()
    page.get_by_role("link", name="Begin").click()
    look()
    page.get_by_role("button", name="Mark as done").click()
    look()
    page.get_by_role("button", name="Mark as done").click()
    look()
    page.get_by_role("link", name="Certificate: Carer").click()
    look()
    look(f"/certificate/{Certificate.objects.get().number}/")

    assert "Anna knows all about Caring for your kitchen." in page.inner_text("main")
    assert found == []

"""axe finds nothing on any page of ours, light and dark, on a desk and on a phone.

By night: each page once, the four ways in turn, and each page in all of them.
"""

from importlib.resources import files
from itertools import product
from typing import Any, Final

import pytest

from concours.tests import browsing, house
from concours.tests.browsing import DESK, PHONE, Visit, browser, chromium
from pipelines.maps import links
from pipelines.models import Journey
from triggers.tests.admin import visit

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks
WAYS: Final = [{"viewport": size, "color_scheme": scheme} for size, scheme in product((DESK, PHONE), ("light", "dark"))]
# What answers with a file, or with a piece of a page that is shown within another.
PIECES: Final = ("_html", "_progress", "_personal_data")
# What the console says of pages that refuse, and of videos that lie on other servers.
EXPECTED: Final = ("status of 40", "favicon", "ERR_NAME_NOT_RESOLVED")
# Without loading style sheets once more, which axe does inline and the policy refuses.
RUN: Final = """async () => (await axe.run(document, {resultTypes: ["violations"], preload: false})).violations.flatMap(
    each => each.nodes.map(node => `${each.id}: ${node.target.join(" ")}`))"""


@pytest.fixture
def pages() -> list[str]:
    house.furnish(visit.boss())
    found = [page.address for page in house.pages() if not page.name.endswith(PIECES)]
    return [*found, f"/j/{links.token(Journey.objects.all()[0])}/", "/nowhere/"]


def found_on(browser: Any, server: str, way: dict[str, Any], addresses: list[str]) -> list[str]:
    """What axe finds on these pages, a line each; pages that refuse or lead elsewhere are passed over."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text()
    seen, found = Visit(browser, server, **way), []
    told = f"{way['viewport']['width']} {way['color_scheme']}"
    for address in addresses:
        try:
            answer = seen.page.goto(f"{server}{address}", wait_until="load")
        except browsing.playwright.Error as error:
            found.append(f"{address}: {error}")
            continue
        if "text/html" not in answer.headers.get("content-type", "") or answer.status == 405:
            continue
        # The protocol's own call is not bound by the policy, and does not loosen it for the page.
        seen.page.evaluate(axe)
        wrong = seen.page.evaluate(RUN)
        if seen.sticks_out() > 0:
            wrong.append(f"sticks out by {seen.sticks_out()} pixels")
        wrong += [each for each in seen.complaints if not any(known in each for known in EXPECTED)]
        seen.complaints.clear()
        found += [f"{address} {told}: {each}" for each in wrong]
    return found


@pytest.mark.nightly
def test_axe_finds_nothing_on_any_page(browser: Any, live_server: Any, pages: list[str]) -> None:
    found = [
        each
        for place, way in enumerate(WAYS)
        for each in found_on(browser, live_server.url, way, pages[place :: len(WAYS)])
    ]

    assert not found, "\n".join(found)


@pytest.mark.nightly
@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way['viewport']['width']}-{way['color_scheme']}")
def test_axe_finds_nothing_on_any_page_in_any_way(
    browser: Any, live_server: Any, pages: list[str], way: dict[str, Any]
) -> None:
    found = found_on(browser, live_server.url, way, pages)

    assert not found, "\n".join(found)


def test_axe_itself_finds_what_is_wrong(browser: Any) -> None:
    page = browser.new_context().new_page()
    page.set_content("<html><input type='text'><p style='color: #bbb; background: #fff'>Words to read</p></html>")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text())

    rules = {each.partition(":")[0] for each in page.evaluate(RUN)}

    assert {"label", "color-contrast", "html-has-lang"} <= rules

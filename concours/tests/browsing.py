"""A real browser for tests: one Chromium per module, windows of somebody signed in, and hands that use a page.

A module that browses says `pytestmark = browsing.marks` and imports the fixtures `chromium` and `browser`.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
FOUND = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM = None if os.environ.get("SKIP_BROWSER") else FOUND

marks = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="No Chromium here, or SKIP_BROWSER is set"),
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The module's browser; starting one takes longer than most tests."""
    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    patch = pytest.MonkeyPatch()
    patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()
    patch.undo()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """The module's browser, without windows when the test is over."""
    yield chromium
    for context in list(chromium.contexts):
        context.close()
    # What was asked within Playwright's loop went by a connection of its own; nobody else would close it.
    connections.close_all()


class Visit:
    """One window of somebody signed in, and everything its console complained of."""

    def __init__(self, browser: Any, server: str, **options: Any) -> None:
        self.server, self.complaints = server, []
        self.page = browser.new_context(**options).new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.go("/admin/")
        self.page.fill("#id_username", "boss")
        self.page.fill("#id_password", "pw")
        self.page.click("input[type=submit]")

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.server}{path}")
        self.page.wait_for_load_state("networkidle")

    def sticks_out(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


class Hands:
    """Somebody who fills in a form; `by` the pointer or the keyboard. Controls are named by their ids."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def write(self, name: str, text: str) -> None:
        raise NotImplementedError

    def choose(self, name: str, option: str, shown: str = "") -> None:
        """Chooses an option by its label, and goes on when the page shows what follows from it."""
        raise NotImplementedError

    def press(self, name: str, focused: str = "") -> None:
        """Presses a button by its id, value or name; then the focus is where one goes on."""
        raise NotImplementedError

    def enter(self, name: str, text: str, shown: str) -> None:
        """Writes a text and confirms it with Enter, until the page shows what follows."""
        self.write(name, text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(shown, state="attached")

    def _focused(self, name: str) -> None:
        if name:
            self.page.wait_for_function("id => document.activeElement.id === id", arg=name)


class Pointer(Hands):
    """Clicks and taps."""

    def write(self, name: str, text: str) -> None:
        self._seen(name).fill(text)

    def choose(self, name: str, option: str, shown: str = "") -> None:
        self._seen(name).select_option(label=option)
        if shown:
            self.page.wait_for_selector(shown, state="attached")

    def press(self, name: str, focused: str = "") -> None:
        self._seen(name).click()
        self._focused(focused)

    def _seen(self, name: str) -> Any:
        """The control, unfolded where it stands in something folded."""
        found = self.page.locator(f'[id="{name}"], [value="{name}"], [name="{name}"]:not([type="hidden"])').first
        found.wait_for(state="attached")
        for folded in found.locator("xpath=ancestor::details[not(@open)]/summary").all():
            folded.click()
        return found


class Keyboard(Hands):
    """Never touches a pointer: Tab, letters, Space, Enter."""

    def to(self, name: str, back: bool = False) -> None:
        """Tabs to the control of this id, value or name."""
        at = "[document.activeElement.id, document.activeElement.value || '', document.activeElement.name || '']"
        for _step in range(250):
            if name in self.page.evaluate(at):
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never comes to {name}")

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str, shown: str = "") -> None:
        self.to(name)
        self.page.keyboard.type(option)
        if shown:
            self.page.wait_for_selector(shown, state="attached")

    def press(self, name: str, focused: str = "", back: bool = False) -> None:
        self.to(name, back)
        self.page.keyboard.press("Space" if self._is_box() else "Enter")
        self._focused(focused)

    def _is_box(self) -> bool:
        return bool(self.page.evaluate("document.activeElement.type === 'checkbox'"))

"""A real browser signs in and looks at the pages: nothing complains, nothing scrolls sideways."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Organisation, Run, Workflow
from triggers.tests import make

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
FOUND = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM = None if os.environ.get("SKIP_BROWSER") else FOUND

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="No Chromium here, or SKIP_BROWSER is set"),
]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        # What was asked within the loop went by a connection of its own; nobody else would close it.
        connections.close_all()
        launched.close()


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
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


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


class Keyboard:
    """Somebody who builds a workflow without a pointer."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, name: str, back: bool = False) -> None:
        """Tabs to the control of this id or value."""
        at = "[document.activeElement.id, document.activeElement.value || '', document.activeElement.name || '']"
        for _step in range(200):
            if name in self.page.evaluate(at):
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never comes to {name}")

    def choose(self, name: str, option: str, shown: str) -> None:
        """Types the option's name into a select, and goes on when the page shows what follows from it."""
        self.to(name)
        self.page.keyboard.type(option)
        self.page.wait_for_selector(shown, state="attached")

    def press(self, name: str, focused: str, back: bool = False) -> None:
        """Presses a button, after which the focus is where one goes on."""
        self.to(name, back)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("id => document.activeElement.id === id", arg=focused)

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.type(text)


def test_a_workflow_is_built_by_keyboard_alone(browser: Any, live_server: Any, run: Run) -> None:
    visit = Visit(browser, live_server.url)
    visit.go("/admin/triggers/workflow/add/")
    keys = Keyboard(visit.page)

    keys.write("id_name", "VIP")
    keys.choose("t1:event", "Tag added", '[id="f-t1.tags"]')
    keys.write("f-t1.tags", "VIP")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector('[name="t1.tags"][value="VIP"]', state="attached")
    keys.press("leaf:t1~conditions", "t1~conditions-0.field")
    keys.choose("t1~conditions-0.field", "Contact: country", '[id="t1~conditions-0.value"]')
    keys.write("t1~conditions-0.value", "DE")
    keys.press("add-last", "a1:action")
    keys.choose("a1:action", "Send an e", '[id="f-a1.subject"]')
    keys.write("f-a1.subject", "Welcome")
    keys.write("f-a1.text", "Good day")
    keys.press("add-last", "a2:action")
    keys.choose("a2:action", "Add task", '[id="f-a2.title"]')
    keys.write("f-a2.title", "Call")
    keys.press("add-last", "a3:action")
    keys.choose("a3:action", "Wait for", '[id="f-a3.event:json"], [id="f-a3.event"]')
    keys.choose("f-a3.event", "Customer replied", 'h3#title-a3:has-text("Customer")')
    visit.page.wait_for_selector('[id="f-a3.days:json"]')
    keys.to("f-a3.days:json")
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.type("2")
    keys.press("into-a3/timeout", "a4:action")
    keys.choose("a4:action", "Notify staff", '[id="f-a4.assigned_user"]')
    keys.to("f-a4.assigned_user")
    visit.page.keyboard.press("Space")
    keys.write("f-a4.text", "No reply")
    visit.page.wait_for_selector("#draft-state:has-text('No problems')")
    keys.to("_publish")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("text=Version 1 is live")

    made = Workflow.objects.get(name="VIP")
    assert made.draft["triggers"][0]["conditions"] == {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]}
    mail, task, wait = made.draft["actions"]
    assert (mail["config"], task["config"]) == ({"subject": "Welcome", "text": "Good day"}, {"title": "Call"})
    assert wait["config"] == {"event": "message.customer_replied", "days": 2}
    [told] = wait["outcomes"]["timeout"]
    assert told["config"] == {"assigned_user": True, "text": "No reply"}
    assert [each for each in visit.complaints if "favicon" not in each] == []

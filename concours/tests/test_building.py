"""Workflows built from nothing in a real browser, by keyboard alone and by pointer, on a desk and on a phone.

What counts is the stored document. Each combination of two of workflow, hands, width and scheme is seen by day; all
of them by night.
"""

from collections.abc import Callable
from itertools import product
from typing import Any, Final

import pytest

from concours.tests import browsing
from concours.tests.browsing import DESK, PHONE, Hands, Keyboard, Pointer, Visit, browser, chromium
from contacts.tests import make as contacts
from triggers.models import Organisation, Workflow
from triggers.tests import make

__all__ = ["browser", "chromium"]
pytestmark = browsing.marks
Json = dict[str, Any]


def vip(hands: Hands) -> Json:
    """A tag starts it, a country is asked for; mail, task, and a wait whose time runs out."""
    hands.choose("t1:event", "Tag added", '[id="f-t1.tags"]')
    hands.enter("f-t1.tags", "VIP", '[name="t1.tags"][value="VIP"]')
    hands.press("leaf:t1~conditions", "t1~conditions-0.field")
    hands.choose("t1~conditions-0.field", "Contact: country", '[id="t1~conditions-0.value"]')
    hands.choose("t1~conditions-0.value", "Germany")
    hands.press("add-last", "a1:action")
    hands.choose("a1:action", "Send an e-mail", '[id="f-a1.subject"]')
    hands.write("f-a1.subject", "Welcome")
    hands.write("f-a1.text", "Good day")
    hands.press("add-last", "a2:action")
    hands.choose("a2:action", "Add task", '[id="f-a2.title"]')
    hands.write("f-a2.title", "Call")
    hands.press("add-last", "a3:action")
    hands.choose("a3:action", "Wait for", '[id="f-a3.event:json"], [id="f-a3.event"]')
    hands.choose("f-a3.event", "Customer replied", 'h3#title-a3:has-text("Customer")')
    hands.write("f-a3.days:json", "2")
    hands.press("into-a3/timeout", "a4:action")
    hands.choose("a4:action", "Notify staff", '[id="f-a4.assigned_user"]')
    hands.press("f-a4.assigned_user")
    hands.write("f-a4.text", "No reply")
    told = {"uid": "a4", "action": "user.notify", "config": {"assigned_user": True, "text": "No reply"}}
    wait = {"event": "message.customer_replied", "days": 2}
    return {
        "triggers": [
            {
                "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
                "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
            }
        ],
        "actions": [
            {"uid": "a1", "action": "email.send", "config": {"subject": "Welcome", "text": "Good day"}},
            {"uid": "a2", "action": "task.create", "config": {"title": "Call"}},
            {"uid": "a3", "action": "wait.for_event", "config": wait, "outcomes": {"timeout": [told]}},
        ],
    }  # fmt: skip


def birthday(hands: Hands) -> Json:
    """The clock starts it; a branch asks, each of its ways does something else."""
    hands.choose("t1:event", "Birthday reminder", '[id^="f-t1."]')
    hands.press("add-last", "a1:action")
    hands.choose("a1:action", "Branch", '[id="c1:name"]')
    hands.write("c1:name", "Has mail")
    hands.press("leaf:c1~if", "c1~if-0.field")
    hands.choose("c1~if-0.field", "Contact: e-mail", '[id="c1~if-0.value"]')
    hands.choose("c1~if-0.op", "is set")
    hands.page.wait_for_selector('[id="c1~if-0.value"]', state="detached")
    hands.press("into-c1", "a2:action")
    hands.choose("a2:action", "Send an e-mail", '[id="f-a2.subject"]')
    hands.write("f-a2.subject", "All the best")
    hands.write("f-a2.text", "To you")
    hands.press("into-a1", "a3:action")
    hands.choose("a3:action", "Add tag", '[id="f-a3.tags"]')
    hands.enter("f-a3.tags", "Call on birthday", '[name="a3.tags"][value="Call on birthday"]')
    asked = {"all": [{"field": "contact.email", "op": "is_set"}]}
    mail = {"uid": "a2", "action": "email.send", "config": {"subject": "All the best", "text": "To you"}}
    tag = {"uid": "a3", "action": "contact.add_tag", "config": {"tags": ["Call on birthday"]}}
    return {
        "triggers": [{"uid": "t1", "event": "contact.birthday", "config": {}, "conditions": None}],
        "actions": [
            {
                "uid": "a1", "branch": [{"uid": "c1", "name": "Has mail", "if": asked, "then": [mail]}], "else": [tag],
            }
        ],
    }  # fmt: skip


def win_back(hands: Hands) -> Json:
    """One of two events starts it, another ends it; a card is taken out, taken back, and moved to the front."""
    hands.choose("t1:event", "Tag removed", '[id="f-t1.tags"]')
    hands.press("add-trigger", "t2:event")
    hands.choose("t2:event", "Opportunity stale", '[id^="f-t2."]')
    hands.press("add-last", "a1:action")
    hands.choose("a1:action", "Wait", '[id="f-a1.days:json"], [id="f-a1.days"]')
    hands.write("f-a1.days:json", "3")
    hands.press("add-last", "a2:action")
    hands.choose("a2:action", "Add note", '[id="f-a2.body"]')
    hands.write("f-a2.body", "Gone for {{ event.origin }}")
    _menu(hands, "a2", "remove:a2", '[id="card-a2"]', "detached")
    hands.press("undo-last")
    hands.page.wait_for_selector('[id="card-a2"]')
    _menu(hands, "a2", "up:a2", 'li:first-child[id="card-a2"]', "attached")
    hands.press("add-exit", "e1:event")
    hands.choose("e1:event", "Customer replied", '[id="e1:event"] option[selected][value="message.customer_replied"]')
    hands.choose("f-~settings.reentry", "Once per contact")
    return {
        "triggers": [
            {"uid": "t1", "event": "contact.tag_removed", "config": {}, "conditions": None},
            {"uid": "t2", "event": "opportunity.stale", "config": {}, "conditions": None},
        ],
        "exits": [{"uid": "e1", "event": "message.customer_replied", "config": {}, "conditions": None}],
        "actions": [
            {"uid": "a2", "action": "note.create", "config": {"body": "Gone for {{ event.origin }}"}},
            {"uid": "a1", "action": "wait.duration", "config": {"days": 3}},
        ],
        "settings": {"reentry": "once_per_contact"},
    }


def _menu(hands: Hands, uid: str, button: str, shown: str, state: str) -> None:
    """Opens the menu of a card and presses what is in it."""
    if isinstance(hands, Keyboard):
        hands.to(f"open-{uid}", back=True)
        hands.page.keyboard.press("Enter")
        hands.press(button)
    else:
        hands.page.click(f"#open-{uid}")
        hands.page.click(f"[value='{button}']")
    hands.page.wait_for_selector(shown, state=state)


WORKFLOWS: Final[dict[str, Callable[[Hands], Json]]] = {"vip": vip, "birthday": birthday, "win back": win_back}
HANDS: Final = {"keyboard": Keyboard, "pointer": Pointer}
WIDTHS: Final = {"desk": DESK, "phone": PHONE}
ALL: Final = list(product(WORKFLOWS, HANDS, WIDTHS, ("light", "dark")))
# Every pair of two choices is among these.
BY_DAY: Final = [
    ("vip", "keyboard", "desk", "light"),
    ("vip", "pointer", "phone", "dark"),
    ("birthday", "keyboard", "phone", "dark"),
    ("birthday", "pointer", "desk", "light"),
    ("win back", "keyboard", "desk", "dark"),
    ("win back", "pointer", "phone", "light"),
]
CASES: Final = [
    pytest.param(*case, id="-".join(case), marks=[] if case in BY_DAY else pytest.mark.nightly) for case in ALL
]


def test_by_day_every_pair_of_choices_is_seen() -> None:
    def pairs(cases: list[tuple[str, ...]]) -> set[tuple[int, str, int, str]]:
        return {(i, one[i], j, one[j]) for one in cases for i in range(4) for j in range(i)}

    assert pairs(ALL) - pairs(BY_DAY) == set()


@pytest.mark.parametrize(("workflow", "by", "width", "scheme"), CASES)
def test_a_workflow_is_built_from_nothing_and_published(
    browser: Any, live_server: Any, workflow: str, by: str, width: str, scheme: str
) -> None:
    make.user("boss", is_staff=True, is_superuser=True)
    Organisation.objects.create(name="Brandt Küchen", time_zone="Europe/Berlin")
    contacts.contact(first_name="Anna")
    visit = Visit(browser, live_server.url, viewport=WIDTHS[width], color_scheme=scheme)
    visit.go("/admin/triggers/workflow/add/")
    hands = HANDS[by](visit.page)

    hands.write("id_name", "Mine")
    expected = WORKFLOWS[workflow](hands)
    visit.page.wait_for_selector("#draft-state:has-text('No problems')")
    assert visit.sticks_out() <= 0
    hands.press("_publish")
    visit.page.wait_for_selector("text=Version 1 is live")

    made = Workflow.objects.get(name="Mine")
    assert made.status == "live"
    assert {"settings": {}, **expected} == made.draft
    assert [each for each in visit.complaints if "favicon" not in each] == []

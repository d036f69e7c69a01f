"""What cards say of themselves."""

import pytest

from triggers.admin.builder import faces
from triggers.admin.builder.cards import layout
from triggers.tests import make

pytestmark = pytest.mark.django_db
MAIL = make.action("a1", "email.send", subject="Welcome", text="Good day", category="transactional")


def dressed(*actions: object) -> list[object]:
    form = layout(make.document(*actions))
    faces.dress(form)
    return form.actions


@pytest.mark.parametrize(
    ("key", "icon"),
    [("email.send", "mail"), ("contact.add_tag", "tag"), ("contact.update", "person"), ("gone.kind", "bolt")],
)
def test_an_icon_is_that_of_the_kind_else_of_its_first_word(key: str, icon: str) -> None:
    assert faces.icon(key) == icon


def test_a_card_tells_what_differs_from_what_goes_without_saying() -> None:
    mail, task = dressed(MAIL, make.action("a2", "task.create", title="Call", due_in=3))

    assert mail.title == "Send an e-mail “Welcome”"
    assert task.title == "Add task “Call”"
    assert "Due in: 3" in task.summary
    assert task.help


def test_a_card_that_is_off_says_so_and_one_without_shape_cannot_be_read() -> None:
    off, odd = dressed({**MAIL, "off": True}, "no action at all")

    assert off.summary == "Switched off, runs skip it"
    assert odd.title == "Not readable here"


def test_ways_out_are_called_by_what_leads_there() -> None:
    [wait, branch] = dressed(
        make.action("w", "wait.for_event", event="note.added", days=1),
        {"uid": "b", "branch": [{"uid": "c1", "name": "Large", "if": None, "then": []}], "else": []},
    )

    assert [arm.title for arm in wait.arms] == ["If it happens", "If it does not happen in time"]
    assert [arm.title for arm in branch.arms] == ["Large", "Otherwise"]


def test_a_kind_whose_code_is_gone_stays_chosen_in_a_group_of_its_own() -> None:
    groups = dict(faces.events("shop.opened"))

    assert [(option.value, option.chosen) for option in groups["Gone"]] == [("shop.opened", True)]
    assert "Gone" not in dict(faces.events("note.added"))

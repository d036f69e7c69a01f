"""Problems stand at the field where they can be mended."""

import pytest

from triggers.admin.builder import faces
from triggers.admin.builder.cards import Form, layout
from triggers.admin.builder.places import place
from triggers.problems import Problem
from triggers.tests import make

pytestmark = pytest.mark.django_db


def form() -> Form:
    mail = make.action("a1", "email.send", subject="Welcome", text="Good day")
    asked = {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]}
    made = layout(make.document(mail, triggers=[{**make.TAGGED, "conditions": asked}]))
    faces.dress(made)
    return made


@pytest.mark.parametrize(
    ("path", "anchor", "where"),
    [
        (("actions", 0, "config", "subject"), "f-a1.subject", "Send an e-mail “Welcome”: Subject"),
        (("actions", 0, "action"), "card-a1", "Send an e-mail “Welcome”"),
        (("triggers", 0, "conditions", "all", 0, "value"), "row-t1~conditions-0", "Tag added: country"),
        (("settings", "reentry"), "f-~settings.reentry", "Same contact again"),
        (("exits",), "limits", "Stop early when"),
        (("nowhere", 4), "then", "The workflow"),
    ],
)
def test_a_path_leads_to_the_nearest_place(path: tuple[str | int, ...], anchor: str, where: str) -> None:
    [found] = place(form(), [Problem(path, "Wrong.")])

    assert (found.place.anchor, found.where) == (anchor, where)


def test_an_error_marks_its_control_and_opens_its_card_and_a_warning_does_neither() -> None:
    warned, wrong = form(), form()
    path = ("actions", 0, "config", "subject")

    place(warned, [Problem(path, "Hm.", warning=True)])
    place(wrong, [Problem(path, "Wrong.")])

    [card] = wrong.actions
    assert (card.is_open, card.first_error) == (True, "Wrong.")
    assert [control.errors for control in card.fields.controls if control.errors] == [["Wrong."]]
    assert (warned.actions[0].is_open, warned.actions[0].first_error) == (False, "")


def test_errors_come_before_warnings() -> None:
    found = place(form(), [Problem(("exits",), "Hm.", warning=True), Problem(("actions",), "Wrong.")])

    assert [each.message for each in found] == ["Wrong.", "Hm."]

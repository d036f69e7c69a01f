"""The fields of the contact form that are ours."""

import pytest

from contacts.admin.forms import ContactForm, LinesField
from contacts.tests import make

pytestmark = pytest.mark.django_db


def test_lines_are_a_list_and_empty_ones_do_not_count() -> None:
    field = LinesField()

    assert field.clean(" a@example.org \n\nb@example.org") == ["a@example.org", "b@example.org"]
    assert field.clean("") == []
    assert field.prepare_value(["a", "b"]) == "a\nb"
    assert field.prepare_value("a\nb") == "a\nb"


def test_lines_have_changed_only_when_the_list_has() -> None:
    field = LinesField()

    assert not field.has_changed(["a"], "a\n")
    assert not field.has_changed(None, "")
    assert field.has_changed(["a"], "a\nb")


def test_the_form_opens_with_what_is_closed_and_the_tags() -> None:
    mia = make.contact(dnd={"sms": True, "call": False})
    tag = make.tag("VIP", mia)

    form = ContactForm(instance=mia)

    assert (form.initial["closed"], form.initial["tagged"]) == (["sms"], [tag])

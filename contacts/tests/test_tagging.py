"""Tags by name, whatever their case."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Tag
from contacts.tagging import clean_names, ensure, existing
from contacts.tests import make


def test_names_are_tidied_and_named_once_as_first_written() -> None:
    assert clean_names([" VIP ", "", "new  customer", "vip", "New Customer"]) == ["VIP", "new customer"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("x" * 81, f"The tag “{'x' * 80}…” is too long."),
        ("a\0b", "Remove the unreadable characters from this text."),
        (["VIP"], "Enter text."),
    ],
)
def test_a_name_that_no_tag_can_have_is_refused(name: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_names(["VIP", name])

    assert refused.value.message_dict == {"tags": [why]}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["VIP", "vip", "Vip"])
def test_a_tag_is_found_in_any_case(name: str) -> None:
    vip = make.tag("VIP")
    make.tag("VIPs")

    assert existing([name, "other"]) == [vip]


@pytest.mark.django_db
@pytest.mark.parametrize(("stored", "asked"), [("Äpfel", "äPFEL"), ("ÄPFEL", "äpfel"), ("Übung", "Übung")])
def test_letters_beyond_ascii_are_the_same_in_any_case_too(stored: str, asked: str) -> None:
    tag = make.tag(stored)

    assert existing([asked]) == [tag]


@pytest.mark.django_db
def test_no_names_no_tags() -> None:
    make.tag("VIP")

    assert existing([]) == []


@pytest.mark.django_db
def test_missing_tags_are_made_and_present_ones_taken_in_the_order_asked() -> None:
    vip = make.tag("VIP")

    tags = ensure(["new", "vip", "Äpfel"])

    assert [tag.name for tag in tags] == ["new", "VIP", "Äpfel"]
    assert tags[1] == vip
    assert Tag.objects.count() == 3

"""The catalogue as a page of documentation."""

import pytest
from django.utils import translation

from triggers import registry
from triggers.catalogue_page import markdown


def section(title: str) -> str:
    """What stands under a heading, up to the next one."""
    return markdown().partition(f"\n### {title}\n")[2].partition("\n### ")[0]


def test_every_kind_has_its_place() -> None:
    page = markdown()

    missing = [key for key in (*registry.events, *registry.actions) if f"\n### `{key}`\n" not in page]

    assert missing == []


def test_an_event_tells_its_payload_its_options_and_what_conditions_may_ask_about() -> None:
    told = section("`contact.tag_added`")

    assert "Follows new rows of `contacts.Tagging`" in told
    assert "| `tags` | list of text; *Which tag* | empty |" in told
    assert "| `event.tag_id` | whole number | ref |" in told
    assert "Conditions may also ask about: `contact.…`." in told


def test_a_change_names_what_is_watched() -> None:
    assert "Changes, for the operators of a change: `event.body` (text)." in section("`note.changed`")


@pytest.mark.parametrize(
    ("action", "line"),
    [
        ("data.math", "| `operation` | `add` or `subtract` or `multiply` or `divide`; *What to do* | required |"),
        ("http.request", "| `timeout` | whole number, 1 to 20; *Seconds to wait at most* | `20` |"),
        ("http.request", "| `body` | object or list of any JSON or null; *JSON body* | none |"),
        (
            "contact.assign",
            "| `members` | list of objects with `user` (text), `weight` (whole number, 1 to 100); *Among these people* | empty |",
        ),
        ("contact.set_dnd", "| `on` | true or false; *Do not disturb from now on* | true |"),
    ],
)
def test_settings_are_told_in_words(action: str, line: str) -> None:
    assert line in section(f"`{action}`").splitlines()


def test_an_action_tells_how_often_it_happens_how_it_ends_and_where_merge_fields_stand() -> None:
    told = section("`contact.find`").splitlines()

    assert "Changes this database only: exactly once, in one transaction with its result." in told
    assert "Ends with: `found`, `not_found`." in told
    assert "Merge fields may stand in: `external_id`, `email`, `phone`, `country`." in told


def test_the_page_is_the_same_in_every_language() -> None:
    with translation.override("de"):
        there = markdown()

    assert there == markdown()


def test_it_ends_with_one_line_break_and_holds_no_blank_lines_in_a_row() -> None:
    page = markdown()

    assert page.endswith("|\n")
    assert "\n\n\n" not in page

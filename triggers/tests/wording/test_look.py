"""Pills and icons: every state has a tone, an icon of the sprite, and its word."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from triggers.models import ActionRun, Backfill, Destination, Run, Workflow
from triggers.wording.look import PILLS, SPRITE, icon, pill, state_icon

STATES = {
    *Workflow.Status.values, *Run.Status.values, *ActionRun.Status.values, *Destination.Status.values,
    *(value for value in Backfill.Status.values),
}  # fmt: skip


def symbols() -> set[str]:
    return set(re.findall(r'<symbol id="([a-z]+)"', Path(finders.find(SPRITE)).read_text()))


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_has_a_pill_of_its_own(state: str) -> None:
    assert state in PILLS


def test_every_icon_of_a_pill_is_in_the_sprite() -> None:
    assert {name for _tone, name in PILLS.values()} <= symbols()


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    root = Path(__file__).resolve().parents[3]
    templates = [*root.glob("templates/**/*.html"), *root.glob("*/templates/**/*.html")]
    named = {name for file in templates for name in re.findall(r'{% icon "([a-z]+)"', file.read_text())}

    assert len(named) > 10
    assert named <= symbols()


def test_a_pill_is_icon_and_word_and_escapes_its_word() -> None:
    assert pill("failed", "Failed at <b>") == (
        '<span class="pill bad"><svg class="icon" aria-hidden="true"><use href="/static/concours/icons.svg#failed"/></svg>'
        "Failed at &lt;b&gt;</span>"
    )


def test_icons_are_coloured_by_tone() -> None:
    assert 'class="icon tone-wait"' in state_icon("waiting")
    assert 'class="icon"' in icon("bolt")


def test_a_state_nobody_knows_is_shown_calmly() -> None:
    assert pill("whatever", "Whatever").startswith('<span class="pill calm">')

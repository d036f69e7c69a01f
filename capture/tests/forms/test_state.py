"""What a page carries to the next: ours or nothing, for its form alone, for seven days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.signing import Signer

from capture.forms import state
from capture.forms.state import State
from capture.models import Form

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FORM = Form(pk=3)
STATE = State(form=3, begun=NOON.timestamp(), page=2, path=[1], answers={"a": ["x"], "b": True}, utm={"utm_term": "é"})


def test_it_comes_back_as_it_was_signed() -> None:
    assert state.read(STATE.signed(), FORM, NOON) == STATE
    assert STATE.age(NOON + timedelta(seconds=5)) == 5


def test_it_ends_after_seven_days() -> None:
    signed = STATE.signed()

    assert state.read(signed, FORM, NOON + timedelta(days=7, seconds=-1)) is not None
    assert state.read(signed, FORM, NOON + timedelta(days=7)) is None


def test_it_is_for_its_form_alone() -> None:
    assert state.read(replace(STATE, form=4).signed(), FORM, NOON) is None


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: "x" + s, lambda s: s.swapcase(), lambda s: s + "x" * 200_000,
                                    lambda s: "", lambda s: ":", lambda s: "\ud800"])  # fmt: skip
def test_a_changed_one_is_none(change: object) -> None:
    assert state.read(change(STATE.signed()), FORM, NOON) is None


@pytest.mark.parametrize("content", [[], 1, "x", {}, {"form": 3}])
def test_what_we_signed_for_something_else_is_none(content: object) -> None:
    assert state.read(Signer(salt=state.SALT).sign_object(content), FORM, NOON) is None
    assert state.read(Signer(salt="other").sign_object(STATE.__dict__), FORM, NOON) is None

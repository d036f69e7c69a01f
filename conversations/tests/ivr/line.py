"""A line that a workflow answers, for tests of calls."""

from datetime import UTC, datetime
from typing import Any

from conversations.ivr import calls
from conversations.ivr.script import Heard, Reply
from triggers.models import Workflow
from triggers.tests import make

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
CALLER, OURS = "+4930123456", "+4930999999"


def line(*actions: dict[str, Any], name: str = "Line", **config: Any) -> Workflow:
    """A live workflow that answers calls."""
    trigger = {"uid": "t1", "event": "ivr.started", "config": config, "conditions": None}
    return make.workflow(*actions, name=name, triggers=[trigger])


def rung(call_id: str = "CA1", caller: str = CALLER, ours: str = OURS) -> Reply:
    """The phone rings."""
    return calls.ring("twilio", call_id, caller, ours, NOW)


def heard(turn: int, call_id: str = "CA1", **said: Any) -> Reply:
    """The caller answers a turn."""
    return calls.hear("twilio", call_id, turn, Heard(**said), NOW)

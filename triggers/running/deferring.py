"""Messages of a run that is walked inside the transaction of an act: they leave when the act is over.

What follows such a message in this database is done at once, as `docs/maps.md` promises; then the run goes back to the
messages it passed, in their order. It goes no further than a wait, and not past what depends on how the call ended.
The run's row stays the queue: `LATER` among its variables holds the messages, and where it goes on after them.
"""

from typing import Any, Final

from triggers import registry
from triggers.action_types import Action
from triggers.models.run import Run
from triggers.workflows.document import Document, Node

# no name of an action holds a dot
LATER: Final = "@.later"
# A wait is to begin after the message; a stop ends the run with it sent.
BEHIND: Final = ("wait.duration", "wait.until", "wait.for_event", "run.stop", "goal")


def can_be_put_off(run: Run, doc: Document, node: Node, kind: type[Action]) -> bool:
    """Whether anything may be done before this action calls out: it is not its turn already, and nothing asks how it ends."""
    later = _later(run)
    if kind.touches != "outside" or node.outlets or later.get("then") is not None:
        return False
    return bool(later) or not _holds(doc.after(node.uid))


def is_late(run: Run, uid: str) -> bool:
    """Whether the action was put off, and its own condition held when it was passed."""
    return uid in _later(run).get("todo", ())


def put_off(run: Run, uid: str) -> None:
    run.vars = {**run.vars, LATER: {"todo": [*_later(run).get("todo", ()), uid], "then": None}}


def following(run: Run, doc: Document, uid: str, outcome: str) -> str | None:
    """Where the run goes after `uid`; None for its end."""
    after = doc.after(uid, outcome)
    later = _later(run)
    if not later:
        return after.uid if after else None
    if later["then"] is None:
        if after is None or not _holds(after):
            return after.uid if after else None
        return _send(run, {**later, "then": after.uid})
    todo = later["todo"]
    rest = todo[todo.index(uid) + 1 :] if uid in todo else []
    if rest:
        return str(rest[0])
    if later["then"]:
        run.vars = {name: value for name, value in run.vars.items() if name != LATER}
        return str(later["then"])
    return None


def before_end(run: Run, status: str, reason: str) -> str | None:
    """The message that is to leave before the run ends so; None where there is none."""
    later = _later(run)
    if not later or later["then"] is not None:
        return None
    return _send(run, {**later, "then": "", "end": [str(status), reason]})


def end(run: Run, status: str, reason: str) -> tuple[str, str]:
    """How the run ends: as it was about to, before its messages left."""
    given = _later(run).get("end")
    return (given[0], given[1]) if given and status == Run.Status.DONE else (status, reason)


def _send(run: Run, later: dict[str, Any]) -> str:
    run.vars = {**run.vars, LATER: later}
    return str(later["todo"][0])


def _later(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = run.vars.get(LATER) or {}
    return found


def _holds(node: Node | None) -> bool:
    """Whether messages have to leave before the run gets to this node: a wait, an end, or arms for how a call ended."""
    if node is None or node.action in BEHIND:
        return True
    kind = registry.actions.get(node.action)
    return bool(node.outlets) and kind is not None and kind.touches == "outside"

"""What an action type is. One file in an app's `actions` drawer declares one, with `@action`.

The class is its config: typed fields from which come validation, the JSON schema and the form.
`run` does the work and says how it ended; `preview` says in a sentence what it would do, and writes
nothing. `touches` decides how often it can happen: "database" and "flow" exactly once, in one
transaction with their result; "outside" at least once with one key, or *uncertain* (design, 8).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from triggers.kinds import Kinds
from triggers.problems import Problem

if TYPE_CHECKING:
    from triggers.run_context import RunContext

A = TypeVar("A", bound="type[Action]")
Touches = Literal["database", "outside", "flow"]


@dataclass(frozen=True)
class Done:
    """It worked. `outcome` names the outlet to take; `result` is readable by later actions."""

    summary: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""


@dataclass(frozen=True)
class Skip:
    """Nothing to do here, and that is right: do-not-disturb, nobody to tell. Says why; the run goes on."""

    summary: str


@dataclass(frozen=True)
class Wait:
    """Go on at `until`, with outcome "timeout" where the action has that outlet; sooner for `event`.

    An outside action that waits is performed again at `until`: its mail was put off, not sent.
    """

    until: datetime
    summary: str = ""
    event: str = ""


@dataclass(frozen=True)
class Retry:
    """It failed for now and certainly had no effect. `after` overrules the usual delays."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True)
class Fail:
    """It failed for good; `what_to_do` tells staff the next step."""

    why: str
    disable: bool = False


@dataclass(frozen=True)
class Hold:
    """It cannot go on until somebody repairs something: refused credentials, no address."""

    why: str
    until: datetime | None = None


@dataclass(frozen=True)
class Unsure:
    """It may or may not have happened, and the receiver cannot be asked: a person decides."""

    why: str


@dataclass(frozen=True)
class Stop:
    """The run ends here, as done."""

    reason: str


Outcome = Done | Skip | Wait | Retry | Fail | Hold | Unsure | Stop


class Action(BaseModel):
    """Base of all action types; the decorator fills the class variables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    section: ClassVar[str] = ""
    touches: ClassVar[Touches] = "database"
    may_cause: ClassVar[tuple[str, ...]] = ()
    outcomes: ClassVar[tuple[str, ...]] = ()
    # outside actions: True where the receiver honours the key, so a lost try may be repeated
    repeatable: ClassVar[bool] = False
    # True for messages to a person: these wait for the workflow's sending windows
    sends: ClassVar[bool] = False
    # fields that hold a message text, checked against the merge fields and rendered before `run`
    texts: ClassVar[tuple[str, ...]] = ()
    # False where what it does cannot be undone: in a rehearsal it is told, not done
    undoable: ClassVar[bool] = True
    # namespaces of facts: objects that it finds or makes, and that the run then goes on with (`ctx.adopt`)
    adopts: ClassVar[tuple[str, ...]] = ()
    # permissions that whoever publishes it has to have
    needs: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def description(cls) -> str:
        return (cls.__doc__ or "").strip()

    def problems(self, uid: str) -> list[Problem]:
        """What the types cannot say is wrong with this config; paths start at the config."""
        return []

    def needed(self) -> tuple[str, ...]:
        """The permissions that this config asks of whoever publishes it."""
        return self.needs

    def may_repeat(self) -> bool:
        """Whether a try that may have happened is to be repeated with the same key."""
        return self.repeatable

    def destination(self) -> str:
        """The receiver an outside action calls, for limits and holds; empty when there is none to spare."""
        return ""

    def run(self, ctx: "RunContext") -> Outcome:
        raise NotImplementedError

    def woken(self, ctx: "RunContext") -> "Outcome | None":
        """What to do when its wait is over; None goes on. For waits whose moment may have moved meanwhile."""
        return None

    def preview(self, ctx: "RunContext") -> str:
        """One plain sentence: what `run` would do now."""
        raise NotImplementedError

    def simulate(self, ctx: "RunContext") -> Outcome:
        """How a dry run takes this action; by default it works. Writes nothing."""
        return Done(self.preview(ctx))


actions: Kinds[Action] = Kinds("action type")


def action(
    key: str,
    *,
    label: Any,
    section: str,
    touches: Touches = "database",
    may_cause: tuple[str, ...] = (),
    outcomes: tuple[str, ...] = (),
    repeatable: bool = False,
    sends: bool = False,
    texts: tuple[str, ...] = (),
    adopts: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    undoable: bool = True,
) -> Callable[[A], A]:
    """Registers the class as the action type `key`."""

    def add(cls: A) -> A:
        cls.key, cls.label, cls.section, cls.touches = key, label, section, touches
        cls.may_cause, cls.outcomes, cls.repeatable = may_cause, outcomes, repeatable
        cls.sends, cls.texts, cls.adopts = sends, texts, adopts
        cls.needs, cls.undoable = needs, undoable
        actions.register(key, cls)
        return cls

    return add

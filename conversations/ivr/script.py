"""What a call can be told to do, whoever carries it. A provider puts a reply into its own language."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

# What a caller is read, at most; the providers cut or refuse more.
MAX_SPOKEN: Final = 4000


@dataclass(frozen=True)
class Say:
    """Reads a text. `language` as in BCP 47: en-GB, de-DE."""

    text: str
    language: str


@dataclass(frozen=True)
class Gather:
    """Reads a text and listens: for at most `digits` keys, a `finish` key, or speech; gives up after `seconds`."""

    text: str
    language: str
    digits: int
    finish: str
    speech: bool
    seconds: int


@dataclass(frozen=True)
class Dial:
    """Rings a number (E.164) for `seconds` and connects it."""

    number: str
    seconds: int


@dataclass(frozen=True)
class Record:
    """Reads a text, beeps, and records for at most `seconds`."""

    text: str
    language: str
    seconds: int


@dataclass(frozen=True)
class HangUp:
    """Ends the call."""


Verb = Say | Gather | Dial | Record | HangUp
_VERBS: Final[dict[str, type[Verb]]] = {
    "say": Say, "gather": Gather, "dial": Dial, "record": Record, "hang_up": HangUp,
}  # fmt: skip
_NAMES: Final = {kind: name for name, kind in _VERBS.items()}
# After these the call comes back with what became of them.
_AWAITED: Final = (Gather, Dial, Record)


@dataclass(frozen=True)
class Reply:
    """What the call does now. `turn` is to come back with the answer where one `is_awaited`; else the call ends."""

    turn: int
    verbs: tuple[Verb, ...]

    @property
    def is_awaited(self) -> bool:
        return bool(self.verbs) and isinstance(self.verbs[-1], _AWAITED)


@dataclass(frozen=True)
class Heard:
    """What came back. `dialled`: whether somebody took the call that was put through; `seconds` how long it lasted,
    or the recording."""

    digits: str = ""
    speech: str = ""
    confidence: float | None = None
    dialled: bool = False
    recording_url: str = ""
    seconds: int | None = None


def is_awaited(verb: Verb) -> bool:
    """Whether the call comes back after this verb."""
    return isinstance(verb, _AWAITED)


def entry(turn: int, verb: Verb) -> dict[str, Any]:
    """The verb as a call's script keeps it."""
    return {"turn": turn, "verb": _NAMES[type(verb)], **asdict(verb)}


def reply(script: list[dict[str, Any]], turn: int) -> Reply:
    """What the script says to this turn."""
    return Reply(turn, tuple(verbs([each for each in script if each["turn"] == turn])))


def verbs(script: list[dict[str, Any]]) -> list[Verb]:
    """All that a script says, in order."""
    return [_verb(each) for each in script]


def in_words(verb: Verb) -> str:
    """A line for staff, such as: Asked: Press 1 for sales."""
    match verb:
        case Say(text):
            return _("Said: %(text)s") % {"text": text}
        case Gather(text):
            return _("Asked: %(text)s") % {"text": text}
        case Dial(number):
            return _("Put through to %(number)s") % {"number": number}
        case Record(text):
            return _("Recorded after: %(text)s") % {"text": text or _("(nothing said)")}
        case HangUp():
            return _("Hung up")


def _verb(kept: dict[str, Any]) -> Verb:
    return _VERBS[kept["verb"]](**{name: value for name, value in kept.items() if name not in ("turn", "verb")})

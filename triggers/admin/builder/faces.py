"""What a card says of itself: title, one line below it, icon, and the words beside its controls."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from triggers import registry
from triggers.admin.builder.cards import Arm, Card, Form
from triggers.admin.builder.controls import Control, Option
from triggers.event_types import EventType
from triggers.explaining import examples
from triggers.wording import sentences, words
from triggers.wording.telling import value_in_words

ICONS: Final = {
    "email": "mail", "user.notify": "bell", "contact.add_tag": "tag", "contact.remove_tag": "tag",
    "contact.set_dnd": "mute", "contact": "person", "note": "note", "task": "task", "opportunity": "board",
    "map": "flag", "step": "flag", "track": "flag", "video": "play", "lead": "flag", "wait": "hourglass",
    "branch": "branch", "split": "branch", "goal": "flag", "run": "stop", "webhook": "globe", "http": "globe",
    "message": "chat", "journey": "flag",
}  # fmt: skip
# Settings told in the line below a card's title.
TOLD: Final = 3


def dress(form: Form) -> None:
    """Gives every card its words; new and faulty ones are open."""
    for card in form.cards():
        card.icon = icon(card.key)
        if card.raw:
            card.title = _("Not readable here")
            continue
        if card.sort == "action":
            card.title = sentences.heading({"action": card.key, "config": card.config, "name": card.name})
            card.summary = _("Switched off, runs skip it") if card.off else "; ".join(_summary(card))
        else:
            card.title = sentences.heading({"event": card.key}) if card.key else _("New event")
            card.summary = ", ".join(told(card.fields.controls)) if card.fields else ""
        kind = (registry.actions if card.sort == "action" else registry.events).get(card.key)
        card.help = words.about(kind) if kind else ""
        for arm in card.arms:
            arm.title = _arm_title(arm)


def icon(key: str) -> str:
    return ICONS.get(key) or ICONS.get(key.partition(".")[0], "bolt")


def events(current: str) -> list[tuple[str, list[Option]]]:
    return _grouped(((key, words.section(kind), str(kind.label)) for key, kind in registry.events.items()), current)


def actions(current: str) -> list[tuple[str, list[Option]]]:
    return _grouped(((key, words.section(kind), str(kind.label)) for key, kind in registry.actions.items()), current)


def example(kind: type[EventType]) -> str:
    """An event of this type as JSON: what conditions and texts find in it."""
    return json.dumps(examples.payload(kind), indent=2, ensure_ascii=False)


def told(controls: Iterable[Control]) -> Iterator[str]:
    """The settings that say something, as “Due in: 1”."""
    for control in controls:
        value = _told(control)
        if value:
            yield _("%(label)s: %(value)s") % {"label": control.label, "value": Truncator(value).chars(40)}


def _told(control: Control) -> str:
    if control.sort in ("list", "checks"):
        return ", ".join(option.label for option in control.options if option.chosen)
    if control.sort in ("choice", "select"):
        return next((option.label for option in control.options if option.chosen and option.value), "")
    if control.sort == "yesno":
        return _("yes") if control.value else ""
    return (
        value_in_words(control.value) if control.sort in ("text", "number") and control.value not in ("", "0") else ""
    )


def _summary(card: Card) -> Iterator[str]:
    if card.condition is not None and card.condition.rows:
        yield _("Only if its conditions hold")
    if card.fields is not None:
        controls = [control for control in card.fields.controls if not control.is_text and not _is_default(control)]
        yield from list(told(controls))[:TOLD]


def _is_default(control: Control) -> bool:
    return bool(control.value == str(control.setting.default))


def _arm_title(arm: Arm) -> str:
    known = {"happened": _("If it happens"), "timeout": _("If it does not happen in time"), "found": _("Found"),
             "not_found": _("Not found"), "created": _("Created"), "updated": _("Updated"),
             "answered": _("Answered"), "not_answered": _("Not answered"), "silent": _("Said nothing"),
             "recorded": _("Recorded"), "hung_up": _("Hung up")}  # fmt: skip
    if arm.sort == "outcome":
        return known.get(arm.called, arm.called)
    if arm.sort == "else":
        return _("Otherwise")
    return arm.called or _("Case")


def _grouped(kinds: Iterable[tuple[str, str, str]], current: str) -> list[tuple[str, list[Option]]]:
    found: dict[str, list[Option]] = {}
    for key, section, label in sorted(kinds, key=lambda kind: (kind[1], kind[2])):
        found.setdefault(section, []).append(Option(key, label, key == current))
    if current and not any(option.chosen for options in found.values() for option in options):
        found[_("Gone")] = [Option(current, current, True)]
    return list(found.items())

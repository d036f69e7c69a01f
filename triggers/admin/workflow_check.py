"""Card 5 of the workflow form, check before you switch on: who would match now, and the dry run in its place.

Both are asked for with a button of the form, or by the script when the card comes into sight; once asked, they
follow every change. Writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers import evidence, references, registry
from triggers.admin.builder import fallbacks
from triggers.admin.builder.places import Remediable, Remedy
from triggers.admin.builder.previews import NEW, Example, Wished
from triggers.admin.pages import page_of
from triggers.admin.would_do import Would, told
from triggers.conditions.tree import InvalidTree
from triggers.event_types import Due
from triggers.explaining import gaps
from triggers.explaining.dry_run import dry_run
from triggers.explaining.matching_now import Matching, matching_now
from triggers.models import Event, Workflow
from triggers.problems import Problem
from triggers.wording import people, verdicts, words
from triggers.wording.verdicts import Row
from triggers.workflows import overlaps
from triggers.workflows.document import objects

MATCH: Final = "match"
TRY: Final = "try"
COUNTED: Final = "~counted"
TRIED: Final = "~tried"
ANSWER: Final = "~answer."
SHOWN: Final = 3
ABOUT: Final = ("city", "company", "email")


@dataclass(frozen=True)
class Person:
    """A contact who would match: name, page, and something to know it by."""

    name: str
    url: str
    about: str

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper() if words else ""


@dataclass(frozen=True)
class Tried:
    """A dry run as the card shows it; `why_not` where it cannot be played or would not start."""

    starts: bool
    why_not: str
    checked: list[tuple[str, list[Row]]]
    steps: list[Would]


def wished(data: Mapping[str, str]) -> Wished:
    """For whom the posted form is to be read."""
    return Wished(data.get("~example", "")[:100], data.get("~example.is", "")[:20], data.get("~event", "")[:20])


def context(
    document: Any, problems: list[Problem], example: Example | None, data: Mapping[str, str], button: str, now: datetime
) -> dict[str, Any]:
    """What the card shows; nothing of contacts where `example` is None: whoever looks may not see them."""
    if example is None:
        return {"sees_contacts": False}
    counted, tried = _was_asked(data, button, MATCH, COUNTED), _was_asked(data, button, TRY, TRIED)
    return {
        "sees_contacts": True, "is_counted": counted, "is_tried": tried, "new_event": NEW,
        **(_matching(document, problems, now) if counted else {}),
        **(_dry_run(document, problems, example, _answers(data), now) if tried else {}),
    }  # fmt: skip


def warnings(
    document: Any, problems: list[Problem], workflow: Workflow, data: Mapping[str, str], button: str, now: datetime
) -> list[Problem]:  # fmt: skip
    """What only those who match today show: fields they have left empty, and others that write to them as well."""
    wrong = any(not problem.warning for problem in problems)
    if wrong or not isinstance(document, dict) or not _was_asked(data, button, MATCH, COUNTED):
        return []
    numbered = references.numbered(document)
    return [
        *(Remediable(each.path, _left_empty(each), True, _fallback(each)) for each in gaps.gaps(numbered, now)),
        *(
            Remediable(("triggers",), _also_writes(each), True, Remedy(_("Compare"), url=page_of(each.other)))
            for each in overlaps.beside(workflow, numbered)
        ),
    ]


def _left_empty(gap: gaps.Gap) -> str:
    told = ngettext("%(n)d contact who matches has no %(field)s and would read “%(text)s”.",
                    "%(n)d contacts who match have no %(field)s and would read “%(text)s”.", gap.number)  # fmt: skip
    fallback = _("Give a fallback, such as %(example)s.") % {
        "example": f'{{{{ {gap.field} | default: "…" }}}}'
    }  # fmt: skip
    return f"{told % {'n': gap.number, 'field': gap.label, 'text': gap.reads}} {fallback}"


def _fallback(gap: gaps.Gap) -> Remedy | None:
    return Remedy(_("Add fallback"), f"fallback:{gap.field}") if gap.field in fallbacks.WORDS else None


def _also_writes(overlap: overlaps.Overlap) -> str:
    told = {"name": overlap.other.name, "event": words.event_label(overlap.event)}
    return _("“%(name)s” writes to these contacts as well: “%(event)s” starts both.") % told


def said(shown: Mapping[str, Any], button: str) -> str:
    """What is said of the card to who cannot see it, after its buttons."""
    if button == TRY and "tried" in shown:
        tried: Tried = shown["tried"]
        told = ngettext("It would start; %(n)d action.", "It would start; %(n)d actions.", len(tried.steps))
        return told % {"n": len(tried.steps)} if tried.starts else tried.why_not
    if button == MATCH and "unable" in shown:
        return str(shown["unable"]) or _("%(n)d would match now.") % {"n": shown["matching"].number}
    return ""


def _was_asked(data: Mapping[str, str], button: str, verb: str, mark: str) -> bool:
    return button == verb or mark in data


def _matching(document: Any, problems: list[Problem], now: datetime) -> dict[str, Any]:
    found, unable = None, ""
    if any(problem.path[:1] == ("triggers",) and not problem.warning for problem in problems):
        unable = _("First mend what starts it; then the contacts who match are counted.")
    else:
        try:
            found = matching_now(document, now)
            unable = "" if found else _("What starts it is not about a contact, so there is nobody to count.")
        except InvalidTree:
            unable = _("All its conditions together are too many to count by.")
    named = list(_people(found)) if found else []
    return {
        "matching": found, "unable": unable, "first_people": named[:SHOWN], "more_people": named[SHOWN:],
        "unnamed": found.number - len(named) if found else 0, "by_clock": _is_by_clock(document),
    }  # fmt: skip


def _people(found: Matching) -> list[Person]:
    loaded = registry.facts["contact"].load(found.first)
    names = people.contact_names(found.first)
    return [Person(names[key], people.contact_url(key), _about(loaded.get(key, {}), names[key])) for key in found.first]


def _about(values: Mapping[str, Any], name: str) -> str:
    return next((str(values[each]) for each in ABOUT if values.get(each) and values[each] != name), "")


def _is_by_clock(document: Any) -> bool:
    entries = objects(document.get("triggers")) if isinstance(document, Mapping) else []
    kinds = [registry.events.get(str(entry.get("event"))) for entry in entries]
    return any(kind is not None and issubclass(kind, Due) for kind in kinds)


def _answers(data: Mapping[str, str]) -> dict[str, str]:
    """How the waits of the dry run end, by the uid of each."""
    return {name.removeprefix(ANSWER): data[name] for name in data if name.startswith(ANSWER)}


def _dry_run(
    document: Any, problems: list[Problem], example: Example, answers: dict[str, str], now: datetime
) -> dict[str, Any]:  # fmt: skip
    return {"tried": _tried(document, problems, example.event, answers, now)} if example.contact_id else {}


def _tried(
    document: Any, problems: list[Problem], event: Event, answers: dict[str, str], now: datetime
) -> Tried:  # fmt: skip
    errors = sum(not problem.warning for problem in problems)
    if errors:
        return Tried(
            False, _("First mend the problems below; a dry run needs a draft that could be published."), [], []
        )
    played = dry_run(references.numbered(document), event, now=now, answers=answers)
    kind = registry.events.get(event.type)
    find = evidence.lookup(kind) if kind else (lambda _name: None)
    asked = [trigger for trigger in played.triggers if trigger["event"] == event.type]
    checked = [(words.event_label(each["event"]), verdicts.rows(each["verdict"], find)) for each in asked]
    why_not = "" if played.starts else " ".join(each["reason"] for each in asked) or played.triggers[0]["reason"]
    return Tried(played.starts, why_not, checked, list(told(played, now)))

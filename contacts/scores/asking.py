"""What the conditions of a score rule may ask, for whoever writes them, and a rule in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import ScoreRule
from contacts.scores import score_rules
from triggers.conditions.fields import Field, operators
from triggers.conditions.sentence import describe
from triggers.evidence import all_fields, lookup
from triggers.facts import sources
from triggers.wording import words


@dataclass(frozen=True)
class Askable:
    """A field as a condition names it, what it is, what it may be, and the comparisons it takes."""

    name: str
    label: Any
    choices: tuple[str, ...]
    operators: str


def askable(kind: Any) -> list[Askable]:
    """The fields of an event type and of the contact; the contact's alone where there is no type."""
    contact = sources["contact"]
    found = all_fields(kind) if kind else {**contact.fields(), **contact.own_fields()}
    prefix = "" if kind else "contact."
    return [_told(f"{prefix}{name}", field) for name, field in sorted(found.items())]


def sentence(rule: ScoreRule | None) -> str:
    """“Note added” gives 5 points, if country is DE. Empty for a rule that is not stored, or wrong."""
    if rule is None or rule.pk is None or score_rules.problems(rule):
        return ""
    kind = score_rules.event_types()[rule.event_type]
    points = ngettext("%(n)d point", "%(n)d points", abs(rule.points)) % {"n": abs(rule.points)}
    told = {"event": words.event_label(rule.event_type), "points": points}
    said = (_("“%(event)s” gives %(points)s") if rule.points > 0 else _("“%(event)s” takes off %(points)s")) % told
    return f"{said}, {_('if')} {describe(rule.conditions, lookup(kind))}." if rule.conditions else f"{said}."


def _told(name: str, field: Field) -> Askable:
    keys = ", ".join(operator.key for operator in operators(field))
    return Askable(name, field.label, tuple(str(value) for value, _label in field.choices), keys)

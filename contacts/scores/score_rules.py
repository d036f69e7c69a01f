"""Score rules: which events may give points, what is wrong with a rule, and which of them an event meets."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import ScoreRule
from triggers import registry
from triggers.conditions import tree
from triggers.conditions.judge import passes
from triggers.conditions.nodes import Node
from triggers.evidence import Facts, lookup
from triggers.models import Event
from triggers.problems import pointer

log = logging.getLogger(__name__)

# A score that moves must not move itself; who is deleted has none.
NEVER: Final = frozenset({"contact.engagement_score_changed", "contact.deleted"})


@dataclass(frozen=True)
class Ready:
    """A rule with its conditions compiled, and the objects they ask about."""

    rule: ScoreRule
    node: Node
    namespaces: frozenset[str]


def event_types() -> dict[str, Any]:
    """Key and kind of the events that may give points: those that are about a contact."""
    return {
        key: kind
        for key, kind in registry.events.items()
        if "contact_id" in kind.model_fields and key not in NEVER
    }  # fmt: skip


def problems(rule: ScoreRule) -> dict[str, list[str]]:
    """What is wrong with a rule, by field."""
    kind = event_types().get(rule.event_type)
    if kind is None:
        return {"event_type": [_("Choose an event that is about a contact.")]}
    found: dict[str, list[str]] = {}
    if not rule.points:
        found["points"] = [_("Enter how many points to give, or to take off such as -5.")]
    wrong = tree.check(rule.conditions, lookup(kind))
    if wrong:
        found["conditions"] = [f"{pointer(each.path)}: {each.message}".lstrip(": ") for each in wrong]
    return found


def check(rule: ScoreRule) -> None:
    """Raises ValidationError with what is wrong."""
    found = problems(rule)
    if found:
        raise ValidationError(found)


def of_types(types: Iterable[str]) -> dict[str, list[Ready]]:
    """The rules that count, by event type; one whose conditions have become wrong is left out, and logged."""
    found: dict[str, list[Ready]] = defaultdict(list)
    for rule in ScoreRule.objects.filter(active=True, event_type__in=set(types)).order_by("pk"):
        kind = registry.events.get(rule.event_type)
        try:
            node = tree.compile_tree(rule.conditions, lookup(kind)) if kind else None
        except tree.InvalidTree as error:
            log.warning("score rule %s gives no points: %s", rule.pk, error)
            continue
        if node is not None:
            asked = {name.partition(".")[0] for name in tree.fields_of(rule.conditions)}
            found[rule.event_type].append(Ready(rule, node, frozenset(asked & registry.facts.keys())))
    return found


def met(event: Event, rules: Mapping[str, list[Ready]], facts: Facts, now: datetime, zone: ZoneInfo) -> list[ScoreRule]:
    """The rules whose points the event gives."""
    if event.contact_id is None:
        return []
    return [
        each.rule
        for each in rules.get(event.type, ())
        if each.rule.since <= event.occurred_at and passes(each.node, facts, now, zone)
    ]

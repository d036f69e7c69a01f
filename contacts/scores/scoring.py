"""Changing an engagement score: within its limits, with the reason written down, and the rule told with the event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact, ScoreChange, ScorePolicy
from triggers.context import acting

_NONE: Mapping[int, str] = MappingProxyType({})
_rules: ContextVar[Mapping[int, str]] = ContextVar("rules", default=_NONE)


@contextmanager
def naming(rules: Mapping[int, str]) -> Iterator[None]:
    """Within the block, events about these contacts' scores name what moved them."""
    token = _rules.set(rules)
    try:
        yield
    finally:
        _rules.reset(token)


def rule_of(contact_id: int) -> str:
    """The rules that are moving the contact's score now; empty when none are."""
    return _rules.get().get(contact_id, "")


def moved_by(score: int, points: int, policy: ScorePolicy) -> int:
    """The score after points are added: no further than the limits, and never against the points' direction."""
    new = policy.within(score + points)
    return max(score, new) if points > 0 else min(score, new)


def require_within(values: Mapping[str, Any], current: int = 0) -> None:
    """Raises ValidationError at `score` where the values set it beyond the limits."""
    if values.get("score", current) == current:
        return
    score, limit = values["score"], ScorePolicy.get().within(values["score"])
    if limit != score:
        said = _("A score is never above %(limit)d.") if score > limit else _("A score is never below %(limit)d.")
        raise ValidationError({"score": [said % {"limit": limit}]})


def log(contact: Contact, before: int, reason: str = "") -> None:
    """Writes down that somebody or something other than a rule moved the score. In the transaction that did."""
    who = acting()
    ScoreChange.objects.create(
        contact=contact, delta=contact.score - before, before=before, after=contact.score,
        reason=(reason or who.origin)[:120], actor=who.actor, actor_id=who.actor_id,
        origin=who.origin, at=timezone.now(),
    )  # fmt: skip

"""A contact's engagement score rose or fell."""

from collections.abc import Sequence
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, ValidationInfo, field_validator

from contacts.scores import scoring
from triggers.event_types import Changed, Options, Row, event

# How staff compare, and the condition it stands for: field of the event, operator.
COMPARED = {
    "equals": ("new_score", "eq"),
    "not_equals": ("new_score", "ne"),
    "above": ("new_score", "gt"),
    "at_least": ("new_score", "gte"),
    "below": ("new_score", "lt"),
    "at_most": ("new_score", "lte"),
    "crosses_up": ("score", "crossed_up"),
    "crosses_down": ("score", "crossed_down"),
}


class ScoreOptions(Options):
    """Which score starts it. Crossing counts once: the score was on one side, and is now on the other, or there."""

    score: Literal[
        "any", "equals", "not_equals", "above", "at_least", "below", "at_most", "crosses_up", "crosses_down"
    ] = Field(
        default="any",
        title=gettext_noop("Score"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "equals": gettext_noop("Is exactly"),
                "not_equals": gettext_noop("Is not"),
                "above": gettext_noop("Is above"),
                "at_least": gettext_noop("Is at least"),
                "below": gettext_noop("Is below"),
                "at_most": gettext_noop("Is at most"),
                "crosses_up": gettext_noop("Rises to or above"),
                "crosses_down": gettext_noop("Falls to or below"),
            }
        },
    )
    value: int | None = Field(default=None, title=gettext_noop("Points"), validate_default=True)

    @field_validator("value")
    @classmethod
    def _fits(cls, value: int | None, info: ValidationInfo) -> int | None:
        compared = info.data.get("score", "any") != "any"
        if compared and value is None:
            raise ValueError(_("Enter the points to compare with, for example 50."))
        if not compared and value is not None:
            raise ValueError(_("Say how the score is compared with this, for example that it crosses up."))
        return value


@event("contact.engagement_score_changed", label=gettext_lazy("Engagement score changed"), section="Contact Events")
class ContactEngagementScoreChanged(Changed, model="contacts.Contact", watch=("score",)):
    """A contact's engagement score rose or fell: by a rule, by hand, or because nothing happened for long."""

    Options = ScoreOptions

    contact_id: int
    old_score: int
    new_score: int
    delta: int
    rule: str = ""

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return {row.pk: _told(row) for row in rows}

    @classmethod
    def narrow(cls, options: ScoreOptions) -> dict[str, Any] | None:
        if options.score == "any":
            return None
        field, op = COMPARED[options.score]
        return {"field": f"event.{field}", "op": op, "value": options.value}

    @classmethod
    def standing(cls, options: ScoreOptions) -> dict[str, Any] | None:
        if options.score == "any":
            return None
        op = {"crosses_up": "gte", "crosses_down": "lte"}.get(options.score, COMPARED[options.score][1])
        return {"field": "contact.score", "op": op, "value": options.value}


def _told(row: Row) -> dict[str, Any]:
    old, new = (row.before or {})["score"], row.after["score"]
    return {"old_score": old, "new_score": new, "delta": new - old, "rule": scoring.rule_of(row.pk)}

"""What the events of opportunities share: what they tell of the deal, and which deals a trigger asks for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from django.contrib.auth import get_user_model
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field, model_validator

from contacts import money
from contacts.custom import definitions
from contacts.custom.values import PREFIX
from contacts.task_events import AssigneeOptions
from pipelines.keys import PipelineNumber, ReasonNumber, StageNumber
from pipelines.models import LostReason, Pipeline, Stage
from triggers.event_types import EventType, Row

Status = Literal["open", "won", "lost", "abandoned"]
Tree = dict[str, Any]


class Told(EventType):
    """What every event tells of its deal, as it was at that moment."""

    opportunity_id: int
    contact_id: int
    name: str = ""
    pipeline_id: int
    pipeline_name: str = ""
    stage_id: int
    stage_name: str = ""
    status: Status = "open"
    value: Decimal | None = None
    currency: str = ""
    owner_id: int | None = None
    owner_username: str | None = None
    source: str = ""
    expected_close: date | None = None
    lost_reason_id: int | None = None
    reason: str | None = None
    created_at: datetime


class DealOptions(AssigneeOptions):
    """Which deals start it; what is left empty means any. Amounts are compared as numbers: name the currency too."""

    pipelines: list[PipelineNumber] = Field(default=[], title=gettext_noop("In which pipeline"))
    stages: list[StageNumber] = Field(default=[], title=gettext_noop("In which stage"))
    statuses: list[Status] = Field(default=[], title=gettext_noop("With which status"))
    value_min: Decimal | None = Field(default=None, ge=0, title=gettext_noop("Value at least"))
    value_max: Decimal | None = Field(default=None, ge=0, title=gettext_noop("Value at most"))
    currency: str = Field(default="", pattern="^([A-Z]{3})?$", title=gettext_noop("In which currency"))
    tags: list[str] = Field(default=[], title=gettext_noop("The contact has one of these tags"))
    lost_reasons: list[ReasonNumber] = Field(default=[], title=gettext_noop("For which reason"))

    @model_validator(mode="after")
    def _from_low_to_high(self) -> Self:
        if self.value_min is not None and self.value_max is not None and self.value_min > self.value_max:
            raise ValueError(_("The smallest value is above the largest; no deal would fit."))
        return self


def narrow(options: DealOptions, root: Literal["event", "opportunity"] = "event") -> list[Tree]:
    """The conditions that the options stand for; `opportunity` asks for the deal as it is when they are judged."""
    ids = ("pipeline_id", "stage_id", "lost_reason_id") if root == "event" else ("pipeline", "stage", "lost_reason")
    chosen = zip(ids, (options.pipelines, options.stages, options.lost_reasons), strict=True)
    found = [leaf(f"{root}.{name}", "is_any_of", wanted) for name, wanted in chosen if wanted]
    if options.statuses:
        found.append(leaf(f"{root}.status", "is_any_of", options.statuses))
    if options.currency:
        found.append(leaf(f"{root}.currency", "is", options.currency))
    if options.value_min is not None:
        found.append(leaf(f"{root}.value", "gte", str(options.value_min)))
    if options.value_max is not None:
        found.append(leaf(f"{root}.value", "lte", str(options.value_max)))
    if options.tags:
        found.append(leaf("contact.tags", "has_any", options.tags))
    owner = _owner(options, f"{root}.owner_username")
    return [*found, *([owner] if owner else [])]


def chosen_in_words(options: DealOptions) -> Iterator[str]:
    """Of which deals they are asked for, what can be said without reading pipelines, stages, reasons and users."""
    amounts = {"low": options.value_min, "high": options.value_max, "currency": options.currency}
    if options.value_min is not None and options.value_max is not None:
        yield (_("worth %(low)s to %(high)s %(currency)s") % amounts).strip()
    elif options.value_min is not None:
        yield (_("worth at least %(low)s %(currency)s") % amounts).strip()
    elif options.value_max is not None:
        yield (_("worth at most %(high)s %(currency)s") % amounts).strip()
    elif options.currency:
        yield _("in %(currency)s") % amounts
    if options.tags:
        yield _("tagged %(tags)s") % {"tags": get_text_list(options.tags, _("or"))}


def every(found: Sequence[Tree]) -> Tree | None:
    """All of the conditions; None where there is none."""
    return {"all": list(found)} if found else None


def leaf(field: str, op: str, value: Any = None) -> Tree:
    return {"field": field, "op": op, "value": value} if value is not None else {"field": field, "op": op}


def _owner(options: DealOptions, field: str) -> Tree | None:
    if options.assigned in ("is", "is_not"):
        named = leaf(field, "is_any_of" if options.assigned == "is" else "is_none_of", options.users)
        # A deal of nobody is not theirs either; a comparison with nothing alone would be false.
        return named if options.assigned == "is" else {"any": [named, leaf(field, "is_not_set")]}
    if options.assigned in ("empty", "not_empty"):
        return leaf(field, "is_not_set" if options.assigned == "empty" else "is_set")
    return None


class Names:
    """What pipelines, stages, reasons and owners are called, read once for many deals."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        held = list(rows)
        users = get_user_model()
        self.pipelines = _names(Pipeline.objects, {row.get("pipeline_id") for row in held})
        self.stages = _names(Stage.objects, {row.get("stage_id") for row in held})
        self.reasons = _names(LostReason.objects, {row.get("lost_reason_id") for row in held})
        self.users = _names(users._default_manager, {row.get("owner_id") for row in held}, users.USERNAME_FIELD)

    def told(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The texts of one deal's payload, and its value in the decimals of its currency."""
        return {
            "pipeline_name": self.pipelines.get(row["pipeline_id"], ""),
            "stage_name": self.stages.get(row["stage_id"], ""),
            "owner_username": self.users.get(row["owner_id"]),
            "reason": self.reasons.get(row["lost_reason_id"]),
            "value": money.plain(row["value"], row["currency"]),
        }


def texts_of(rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """The texts of each deal, by primary key."""
    names = Names(row.after for row in rows)
    return {row.pk: names.told(row.after) for row in rows}


def changes_in_words(told: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each custom field by itself, as `custom_fields.<key>`; amounts as short as they can be written."""
    if "value" in told:
        told["value"] = {side: None if n is None else f"{n.normalize():f}" for side, n in told["value"].items()}
    whole = told.pop(PREFIX, None)
    return told | definitions.changed(whole["old"], whole["new"]) if whole else told


def _names(rows: Any, ids: Collection[Any], column: str = "name") -> dict[int, str]:
    wanted = {key for key in ids if key is not None}
    return dict(rows.filter(pk__in=wanted).values_list("pk", column)) if wanted else {}

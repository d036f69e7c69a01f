"""Keeps an opportunity's stage, status and dates in step, through every door that writes one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, F, Value, When
from django.utils import timezone

from pipelines.models.pipeline import Stage
from triggers.tracking import SilentDoor

# an Opportunity: its module builds on this one
Deal = Any

# Written only together with what they follow from.
FOLLOWING: Final = {"stage": ("pipeline", "entered_stage_at"), "status": ("closed_at", "lost_reason")}
# What a change of says that somebody worked on the deal.
WORKED_ON: Final = (
    "name", "stage_id", "value", "currency", "owner_id", "source", "expected_close", "status",
    "lost_reason_id", "custom_fields",
)  # fmt: skip


def keep(deal: Deal, now: datetime | None = None) -> set[str]:
    """Derives in memory what follows from what was set; the names of the fields it wrote."""
    now = now or timezone.now()
    derived: set[str] = set()
    if deal._state.adding:
        _put(deal, derived, pipeline_id=deal.stage.pipeline_id)
        _put(deal, derived, currency=deal.currency or deal.pipeline.currency)
        # one moment for all: a new deal has stood still since it came
        for name in ("entered_stage_at", "last_activity_at", "updated_at"):
            if getattr(deal, name) is None:
                _put(deal, derived, **{name: deal.created_at})
    else:
        _keep_stage(deal, derived, now)
    _keep_status(deal, derived, now)
    if not deal._state.adding and any(_differs(deal, name) for name in WORKED_ON):
        for name in ("updated_at", "last_activity_at"):
            if not _differs(deal, name):
                _put(deal, derived, **{name: now})
    return derived


def keep_many(deals: Iterable[Deal], now: datetime | None = None) -> set[str]:
    """The same for many; the names of all fields written in any of them."""
    now = now or timezone.now()
    return {name for deal in deals for name in keep(deal, now)}


def for_update(values: Mapping[str, Any], now: datetime | None = None) -> dict[str, Any]:
    """What a queryset's `update` has to write besides. Raises SilentDoor where that cannot be told."""
    now = now or timezone.now()
    given = {name.removesuffix("_id"): value for name, value in values.items()}
    written = dict(values)
    if "stage" in given and not _comes_with(given, "stage"):
        written |= _of_stage(given["stage"], now)
    elif "pipeline" in given and "stage" not in given:
        raise SilentDoor("A pipeline follows from the stage: update the stage, or call deals.moving.move.")
    if "status" in given and not _comes_with(given, "status"):
        written |= _of_status(given, now)
    if {name.removesuffix("_id") for name in WORKED_ON} & given.keys():
        written.setdefault("updated_at", now)
        written.setdefault("last_activity_at", now)
    return written


def _keep_stage(deal: Deal, derived: set[str], now: datetime) -> None:
    if _differs(deal, "stage_id"):
        _put(deal, derived, pipeline_id=deal.stage.pipeline_id)
        if not _differs(deal, "entered_stage_at"):
            _put(deal, derived, entered_stage_at=now)
    elif _differs(deal, "pipeline_id"):
        _put(deal, derived, pipeline_id=deal.loaded("pipeline_id"))


def _keep_status(deal: Deal, derived: set[str], now: datetime) -> None:
    if deal.status == deal.Status.OPEN:
        _put(deal, derived, closed_at=None, lost_reason_id=None)
    elif deal._state.adding or _differs(deal, "status") or deal.closed_at is None:
        given = deal.closed_at if deal._state.adding or _differs(deal, "closed_at") else None
        _put(deal, derived, closed_at=given or now)
        if not deal._state.adding and not _differs(deal, "lost_reason_id"):
            # won after it was lost: the reason for losing is none for winning
            _put(deal, derived, lost_reason_id=None)


def _of_stage(stage: Any, now: datetime) -> dict[str, Any]:
    if hasattr(stage, "resolve_expression"):
        raise SilentDoor("A stage is written as a value, so that its pipeline is known; see deals.moving.move.")
    found = stage if isinstance(stage, Stage) else Stage.objects.get(pk=stage)
    # What is there already stays since when it is.
    since = Case(When(stage=found.pk, then=F("entered_stage_at")), default=Value(now))
    return {"pipeline": found.pipeline_id, "entered_stage_at": since}


def _of_status(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    status = given["status"]
    if hasattr(status, "resolve_expression"):
        raise SilentDoor("A status is written as a value, so that its dates follow.")
    if status == "open":
        return {"closed_at": None, "lost_reason": None}
    closed = Case(When(status=status, then=F("closed_at")), default=Value(now))
    reason = given.get("lost_reason", Case(When(status=status, then=F("lost_reason")), default=Value(None)))
    return {"closed_at": closed, "lost_reason": reason}


def _comes_with(given: Collection[str], name: str) -> bool:
    """Whether everything that follows is written too: as `bulk_update` does with rows that were kept."""
    return all(each in given for each in FOLLOWING[name])


def _differs(deal: Deal, name: str) -> bool:
    """Whether a column of a stored row was set to something else since it was read."""
    if name not in deal.__dict__:
        return False
    loaded = deal.__dict__.get("_loaded", {})
    return bool(name not in loaded or deal.__dict__[name] != loaded[name])


def _put(deal: Deal, derived: set[str], **values: Any) -> None:
    for name, value in values.items():
        if getattr(deal, name) != value:
            setattr(deal, name, value)
        derived.add(name.removesuffix("_id"))

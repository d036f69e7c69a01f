"""Events that clients report: only types that something outside can know of, checked like our own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import outbox, registry
from triggers.api.idempotency import KeyReused
from triggers.event_types import EventType, Happened
from triggers.models.event import Event
from triggers.problems import Invalid, Problem, from_pydantic

# How far ahead of ours a client's clock may be.
SKEW: Final = timedelta(minutes=5)
# What a column for ids can hold.
MAX_ID: Final = 2**63 - 1


class Unfit(Invalid):
    """The reported event is not as its type wants it; the API answers 400."""

    status_code = 400


def ingest(given: Mapping[str, Any], key: str | None, now: datetime) -> Event:
    """Records the event `{type, contact_id, data, occurred_at}`; under a `key`, only once ever.

    Raises `Unfit`, or `KeyReused` when the key stands for another event.
    """
    payload = _payload(given)
    occurred_at = given.get("occurred_at") or now
    if occurred_at > now + SKEW:
        raise Unfit([Problem(("occurred_at",), _("This lies in the future; send when it happened."))])
    if key is None:
        return outbox.emit(payload, occurred_at=occurred_at)
    event, new = outbox.emit_once(key, payload, occurred_at=occurred_at)
    if not new and (event.type, event.data) != (payload.key, payload.model_dump(mode="json")):
        raise KeyReused()
    return event


def reportable() -> list[str]:
    """The event types a client may report."""
    return sorted(key for key, kind in registry.events.items() if is_reportable(kind))


def is_reportable(kind: type[EventType]) -> bool:
    """Whether something outside can know of it; immediate events are moments of our own acts."""
    return issubclass(kind, Happened) and not kind.immediate


def _payload(given: Mapping[str, Any]) -> EventType:
    kind = registry.events.get(given["type"])
    if kind is None or not is_reportable(kind):
        raise Unfit([Problem(("type",), _no_such(given["type"], known=kind is not None))])
    data, contact_id = dict(given.get("data") or {}), given.get("contact_id")
    if contact_id is not None:
        data["contact_id"] = _contact(kind, contact_id)
    try:
        payload = kind.model_validate(data)
    except ValidationError as error:
        raise Unfit(_placed(problem) for problem in from_pydantic(error)) from None
    too_large = [name for name, value in payload if isinstance(value, int) and abs(value) > MAX_ID]
    if too_large:
        raise Unfit(_placed(Problem((name,), _("This number is too large."))) for name in too_large)
    return payload


def _placed(problem: Problem) -> Problem:
    """The contact stands beside the data, not in it."""
    return problem if problem.path == ("contact_id",) else problem.under("data")


def _contact(kind: type[EventType], contact_id: int) -> int:
    if "contact_id" not in kind.model_fields:
        raise Unfit([Problem(("contact_id",), _("Events of this type are about no contact; leave it out."))])
    facts = registry.facts.get("contact")
    current = facts.current(contact_id) if facts is not None else contact_id
    if current is None:
        raise Unfit([Problem(("contact_id",), _("There is no contact %(id)s.") % {"id": contact_id})])
    return current


def _no_such(key: str, *, known: bool) -> str:
    if known:
        return _("“%(key)s” follows our own records; change the record, and the event comes by itself.") % {"key": key}
    near = get_close_matches(key, reportable(), n=1)
    if near:
        return _("There is no event type “%(key)s” to report. Is it “%(near)s”?") % {"key": key, "near": near[0]}
    return _("There is no event type “%(key)s” to report; the catalogue lists them.") % {"key": key}

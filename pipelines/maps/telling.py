"""The events of a journey, built from its rows: one key for each element, so that none is recorded twice."""

from typing import Any

from pipelines.events.map_closed import MapClosed
from pipelines.events.map_opened import MapOpened
from pipelines.events.step_closed import StepClosed
from pipelines.events.step_opened import StepOpened
from pipelines.events.track_closed import TrackClosed
from pipelines.events.track_opened import TrackOpened
from pipelines.models import Journey, JourneyStep, JourneyTrack
from triggers.outbox import Pending


def map_opened(journey: Journey) -> Pending:
    return _pending(MapOpened(**_journey(journey)), journey.pk)


def map_closed(journey: Journey) -> Pending:
    told = MapClosed(**_journey(journey), outcome=journey.outcome, reason=journey.reason)
    return _pending(told, f"{journey.pk}:{journey.outcome}")


def track_opened(journey: Journey, track: JourneyTrack) -> Pending:
    return _pending(TrackOpened(**_journey(journey), **_track(track)), f"{journey.pk}:{track.track_id}")


def track_closed(journey: Journey, track: JourneyTrack) -> Pending:
    return _pending(TrackClosed(**_journey(journey), **_track(track)), f"{journey.pk}:{track.track_id}")


def step_opened(journey: Journey, step: JourneyStep) -> Pending:
    return _pending(StepOpened(**_journey(journey), **_step(step)), f"{journey.pk}:{step.step_id}")


def step_closed(journey: Journey, step: JourneyStep) -> Pending:
    value = None if step.value is None else str(step.value)
    told = StepClosed(**_journey(journey), **_step(step), value=value, completed_by=step.done_by)
    return _pending(told, f"{journey.pk}:{step.step_id}")


def _pending(
    payload: "MapOpened | MapClosed | TrackOpened | TrackClosed | StepOpened | StepClosed", of: object
) -> Pending:
    return Pending(payload, payload.subject(), key=f"{payload.key}:{of}")


def _journey(journey: Journey) -> dict[str, Any]:
    return {
        "journey_id": journey.pk, "contact_id": journey.contact_id, "map_id": journey.map_id,
        "map": journey.map.name, "channel": journey.channel, "wave": journey.waves,
    }  # fmt: skip


def _track(track: JourneyTrack) -> dict[str, Any]:
    return {"track_id": track.track_id, "track": track.name, "kind": track.kind}


def _step(step: JourneyStep) -> dict[str, Any]:
    return {**_track(step.track), "step_id": step.step_id, "step": step.name, "required": step.required}

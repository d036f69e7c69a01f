"""What completing a step costs as the table of journeys grows."""

import statistics
from typing import Any, Final

from concours.bench import Result, Size, case, result, scratch, seconds
from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.models import Journey, JourneyStep, JourneyTrack, Map, Step, Track

STEPS: Final = 3
SAMPLES: Final = 40


@case("journeys")
def journeys(size: Size) -> list[Result]:
    """completing a step with 100,000 journeys in the table / with 10"""
    few, many = 10, size.of(100_000, 500)
    scratch.empty()
    target = _map()
    times: dict[int, list[float]] = {few: [], many: []}
    there = 0
    for count in (few, many):
        _fill(target, count - there)
        there = count
        scratch.analyze()
        _round(target)
        times[count] = [_round(target) for _round_number in range(size.rounds)]
    pairs = list(zip(times[many], times[few], strict=True))
    detail: dict[str, Any] = {"ms": round(pairs[-1][0] * 1000, 2), "journeys": many}
    return [result("journeys", [a / b for a, b in pairs], "≤ 1.10", **detail)]


def _map() -> Map:
    target = Map.objects.create(name="Bench", colour="#1f6feb")
    for position in range(2):
        track = Track.objects.create(map=target, name=f"T{position}", position=position)
        for n in range(STEPS):
            Step.objects.create(track=track, name=f"s{n}", position=n, control=Step.Control.TEXT)
    return target


def _fill(target: Map, count: int) -> None:
    """So many journeys that stand in the first track, made row by row as the engine would leave them.

    Analysed in between: PostgreSQL looks up what each row refers to by a plan from when that table was small.
    """
    people = scratch.people(count)
    scratch.analyze()
    rows = Journey.objects.bulk_create([Journey(contact=person, map=target) for person in people], 5000)
    scratch.analyze()
    track = target.tracks.order_by("position")[0]
    tracks = JourneyTrack.objects.bulk_create(
        [
            JourneyTrack(
                journey=row, track=track, name="T0", kind=track.kind, position=0, wave=1, opened_at=row.opened_at
            )
            for row in rows
        ],
        5000,
    )
    scratch.analyze()
    steps = list(track.steps.order_by("position"))
    JourneyStep.objects.bulk_create(
        [
            JourneyStep(
                journey=each.journey, track=each, step=step, name=step.name, control=step.control, required=True,
                position=n, opened_at=each.opened_at,
            )
            for each in tracks
            for n, step in enumerate(steps)
        ],
        5000,
    )  # fmt: skip


def _round(target: Map) -> float:
    """Median seconds of completing the one step of fresh leads that neither closes nor opens a track."""
    step = Step.objects.filter(track__map=target, track__position=0).order_by("position")[0]
    taken = []
    for person in Contact.objects.bulk_create([Contact(first_name="Fresh") for _n in range(SAMPLES)]):
        verbs.assign(person.pk, target)
        taken.append(seconds(lambda lead=person.pk: verbs.complete(lead, step)))  # type: ignore[misc]
    return statistics.median(taken)

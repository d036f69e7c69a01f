"""Maps, leads in them, and workflows attached to them, made as simply as a test can say it."""

from typing import Any

from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.maps.play.notation import TrackLine
from pipelines.models import Journey, JourneyStep, JourneyTrack, Map, Step, Track
from triggers import services
from triggers.models import Event, Run, Workflow
from triggers.tests import make

action = make.action
PREFIXES = ("map.", "track.", "step.")


def a_map(*tracks: str, name: str = "M") -> Map:
    """A map in the notation of scenarios: `a_map("T1 std a! b~", "V video v!")`."""
    made = Map.objects.create(name=name, colour=f"#{Map.objects.count():06x}")
    for position, line in enumerate(map(TrackLine.read, tracks)):
        track = Track.objects.create(map=made, name=line.name, kind=line.kind, position=position)
        for place, step in enumerate(line.steps):
            control = "video" if line.kind == "video" else "mirror" if step.mirrors else "text"
            Step.objects.create(
                track=track, name=step.name, required=step.required, position=place, control=control,
                mirrors=step.mirrors,
            )  # fmt: skip
    return made


def lead(**values: Any) -> Contact:
    return make.contact(**{"phone": "+4930901820", "channel": "form", **values})


def assigned(*tracks: str, **values: Any) -> Journey:
    """A lead's journey through a new map of these tracks."""
    person = lead(**values)
    verbs.assign(person.pk, a_map(*tracks))
    return journey(person)


def journey(person: Contact) -> Journey:
    return Journey.objects.get(contact=person, is_current=True)


def track(name: str) -> Track:
    return Track.objects.get(name=name)


def step(name: str) -> Step:
    """The step `T.s`."""
    of, _dot, own = name.partition(".")
    return Step.objects.get(track__name=of, name=own)


def at(on: Journey, name: str) -> JourneyStep:
    return JourneyStep.objects.get(journey=on, step=step(name))


def track_at(on: Journey, name: str) -> JourneyTrack:
    return JourneyTrack.objects.get(journey=on, track__name=name)


def attached(event: str, *actions: dict[str, Any], name: str = "Flow", **config: Any) -> Workflow:
    """A live workflow that an event of a map starts."""
    return make.workflow(
        *(actions or [action("a1", "data.set", values={"seen": "yes"})]), name=name,
        triggers=[{"uid": "t1", "event": event, "config": config, "conditions": None}],
    )  # fmt: skip


def told(person: Contact) -> list[str]:
    """The events of maps of this lead, in order: `step.closed a`."""
    found = []
    for event in Event.objects.filter(contact_id=person.pk).order_by("pk"):
        if event.type.startswith(PREFIXES):
            data = event.data
            found.append(f"{event.type} {data.get('step') or data.get('track') or data['map']}")
    return found


def events(kind: str) -> list[Event]:
    return list(Event.objects.filter(type=kind).order_by("pk"))


def last_run(workflow: Workflow) -> Run:
    return Run.objects.filter(workflow=workflow).latest("pk")


def archive(workflow: Workflow) -> None:
    services.archive(workflow)

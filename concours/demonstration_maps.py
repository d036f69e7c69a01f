"""The demo's map: a kitchen customer from the first call to the signature, five leads on their way, two workflows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from contacts.models import Contact
from contacts.services import update as update_contact
from pipelines.maps import verbs
from pipelines.models import Map, Step, Track, Video
from triggers.context import act_as, quiet

Json = dict[str, Any]
Publish = Callable[[str, Json, str, User], None]

FILM: Final = "https://videos.brandt-kuechen.example/how-we-plan.mp4"
# Each track with its kind and steps: name, control, required, who does it, and what else there is to say.
TRACKS: Final[tuple[tuple[str, str, tuple[tuple[str, str, bool, str, Json], ...]], ...]] = (
    ("First contact", "standard", (
        ("Call the customer", "call", True, "agent", {"description": "Within one working day of the enquiry."}),
        ("Style", "mirror", True, "both", {"mirrors": "custom_fields.style"}),
        ("Budget frame", "mirror", False, "both", {"mirrors": "custom_fields.budget"}),
    )),
    ("How we plan", "video", (
        ("How we plan your kitchen", "video", True, "lead",
         {"video_url": FILM, "description": "Four minutes on measuring, planning and fitting."}),
    )),
    ("Plan and measure", "flex", (
        ("Measuring appointment", "schedule", True, "agent", {"description": "On site, 60 minutes."}),
        ("Your room", "form", True, "lead", {
            "choices": ["How long is the wall with the window?", "Where are water and power?"],
            "description": "A tape measure and five minutes are enough.",
            "completion_message": "Thank you. We bring a first plan to the appointment.",
        }),
        ("Appliances", "dropdown", True, "both", {"choices": ["All new", "Some stay", "All stay"]}),
        ("Anything else we should know", "text", False, "lead", {}),
    )),
    ("Offer", "standard", (
        ("Offer sent", "checkbox", True, "agent", {}),
        ("How was the offer received", "radio", True, "agent", {"choices": ["Gladly", "With questions", "Too dear"]}),
    )),
    ("Decision", "standard", (
        ("Signed on", "date", True, "agent", {}), ("Fitting is planned", "checkbox", False, "agent", {}),
    )),
)  # fmt: skip
# Lead, phone, channel, days since the enquiry.
LEADS: Final = (
    ("Anna", "+49301234501", "form", 9), ("Jonas", "+49301234502", "form", 6), ("Leyla", "+436601234503", "phone", 12),
    ("Marie", "", "form", 1), ("Tomás", "+34911234505", "phone", 20),
)  # fmt: skip
ADVANCE: Final = "advance"
# How far each has come: steps that are done, in order, with what was entered.
DONE: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "Anna": (("Call the customer", "Wants an island"), ("Style", "Modern"), ("Budget frame", "24000"),
             ("Appliances", "All new")),
    "Jonas": (("Call the customer", "Prefers mornings"),),
    "Leyla": (("Call the customer", None), ("Measuring appointment", "2026-06-11T09:00"),
              ("Your room", {"How long is the wall with the window?": "4.20 m"}), ("Appliances", "Some stay")),
    "Tomás": (("Call the customer", None), ("Style", "Industrial"), (ADVANCE, None),
              ("Measuring appointment", "2026-06-02T14:00"),
              ("Your room", {"Where are water and power?": "Left of the window"}), ("Appliances", "All stay"),
              (ADVANCE, None)),
}  # fmt: skip


def ensure(agent: User, owner: User, publish: Publish) -> None:
    """The map, its workflows, and the leads in it; nothing where there is a map already."""
    if Map.objects.exists():
        return
    made = _map()
    publish("Invite to the film", film(made), "Maps", owner)
    publish("Nobody measures", nudge(made), "Maps", owner)
    people = {contact.first_name: contact for contact in Contact.objects.filter(source="demo")}
    with quiet("demo"), act_as(actor="user", actor_id=str(agent.pk)):
        for name, phone, channel, days in LEADS:
            if name in people:
                _lead(people[name], phone, channel, made, timezone.now() - timedelta(days=days))


def film(made: Map) -> Json:
    """When the film opens for a lead, it gets the link to its page."""
    track = made.tracks.get(name="How we plan")
    mail = {"subject": "How we plan your kitchen", "text": "Good day {{ contact.name }},\n\nhere is what comes next:"}
    return {
        "triggers": [{"uid": "t1", "event": "track.opened", "config": {"track": track.pk}, "conditions": None}],
        "actions": [{"uid": "mail", "action": "video.send_access", "config": mail}],
        "settings": {},
    }


def nudge(made: Map) -> Json:
    """Three days after the planning began, unless the appointment is made, the agent calls."""
    track = made.tracks.get(name="Plan and measure")
    step = track.steps.get(name="Measuring appointment")
    config = {
        "anchor": "track.opened", "track": track.pk, "delay": 14, "unit": "days",
        "unless": [{"event": "step.closed", "step": step.pk}],
    }  # fmt: skip
    task = {"title": "Call {{ contact.name }} about measuring", "assignee": "owner", "due_in": 1, "unit": "days"}
    return {
        "triggers": [{"uid": "t1", "event": "journey.timer", "config": config, "conditions": None}],
        "actions": [{"uid": "task", "action": "task.create", "config": task}],
        "settings": {},
    }


def _map() -> Map:
    Video.objects.get_or_create(url=FILM, defaults={"name": "How we plan"})
    made = Map.objects.create(
        name="Kitchen customer", colour="#c4693d", description="From the first call to the signature."
    )
    for position, (name, kind, steps) in enumerate(TRACKS):
        track = Track.objects.create(map=made, name=name, kind=kind, position=position)
        for place, (step, control, required, by, more) in enumerate(steps):
            row = Step(
                track=track, name=step, control=control, required=required, done_by=by, position=place, **more
            )  # fmt: skip
            row.full_clean()
            row.save()
    return made


def _lead(contact: Contact, phone: str, channel: str, made: Map, since: datetime) -> None:
    update_contact(contact, {"channel": channel, **({"phone": phone} if phone else {})})
    verbs.assign(contact.pk, made, since)
    for n, (name, value) in enumerate(DONE.get(contact.first_name, ()), start=1):
        moment = since + timedelta(hours=20 * n)
        if name == ADVANCE:
            verbs.advance(contact.pk, moment)
            continue
        step = Step.objects.get(track__map=made, name=name)
        verbs.complete(contact.pk, step, value, "lead" if step.done_by == Step.By.LEAD else "agent", moment)

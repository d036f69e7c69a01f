"""Workflows, contacts and runs for the engine's tests, made through the real doors."""

from typing import Any

from django.contrib.auth import get_user_model

from contacts.models import Contact, Tag, Tagging
from triggers import services, sweeping
from triggers.models import Event, Run, Workflow

TAGGED = {"uid": "t1", "event": "contact.tag_added", "config": {}, "conditions": None}


def action(uid: str, key: str, /, **config: Any) -> dict[str, Any]:
    return {"uid": uid, "action": key, "config": config}


def document(*actions: dict[str, Any], triggers: list[Any] | None = None, **settings: Any) -> dict[str, Any]:
    """A workflow document that starts when any tag is added, unless told otherwise."""
    chosen = list(actions) or [action("a1", "data.set", values={"seen": "yes"})]
    return {"triggers": triggers or [TAGGED], "actions": chosen, "settings": settings}


def workflow(*actions: dict[str, Any], name: str = "Welcome", **kwargs: Any) -> Workflow:
    """A live workflow."""
    made = services.create(name, document(*actions, **kwargs))
    services.publish(made)
    return made


def on(event: str, **config: Any) -> Workflow:
    """A live workflow that this event starts."""
    return workflow(triggers=[{"uid": "t1", "event": event, "config": config, "conditions": None}])


def ran(of: Workflow) -> list[int | None]:
    """After everybody's work: whose runs are done, in their order."""
    sweeping.drain()
    return [run.contact_id for run in runs(of) if run.status == Run.Status.DONE]


def contact(**values: Any) -> Contact:
    return Contact.objects.create(**{"first_name": "Anna", "email": "anna@example.org", **values})


def user(name: str = "clara", **values: Any) -> Any:
    return get_user_model()._default_manager.create_user(name, f"{name}@example.org", "pw", **values)


def tag(who: Contact, name: str = "VIP") -> Tagging:
    found, _made = Tag.objects.get_or_create(name=name)
    return Tagging.objects.create(contact=who, tag=found)


def last_event(kind: str) -> Event:
    return Event.objects.filter(type=kind).latest("id")


def runs(of: Workflow) -> list[Run]:
    return list(Run.objects.filter(workflow=of).order_by("id"))


def trail(run: Run) -> list[tuple[str, str]]:
    """What the run did: uid and state of each action, in order."""
    return [(done.uid, done.status) for done in run.actions.order_by("id")]

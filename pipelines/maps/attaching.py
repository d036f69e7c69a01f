"""Attaching workflows to an element of a map: a new one with its trigger filled in, or one that there is."""

from typing import Any, Final

from django.utils.translation import gettext as _

from pipelines.maps.attached import MOMENTS, TIMER
from pipelines.maps.refusal import Unfit
from pipelines.models import Journey, JourneyStep, JourneyTrack, Map, Step, Track
from triggers.models import Workflow

Json = dict[str, Any]
Element = Map | Track | Step
KINDS: Final = ("plain", "conditional", "timed")


def kind_of(element: Element) -> str:
    """map, track or step: as events and options name it."""
    return str(element._meta.model_name)


def moments_of(element: Element) -> list[tuple[str, str]]:
    """The two events of the element with their words."""
    return [(key, str(words)) for key, words in MOMENTS.items() if key.startswith(f"{kind_of(element)}.")]


def trigger(element: Element, event: str, uid: str = "t1", *, timed: bool = False) -> Json:
    """The trigger that stands for this event of this element. Raises Unfit for an event it does not have."""
    if event not in dict(moments_of(element)):
        raise Unfit(_("Choose open or close."), ("event",))
    kind = kind_of(element)
    if timed:
        anchor = event if event != "map.closed" else "map.opened"
        return {
            "uid": uid, "event": TIMER, "conditions": None,
            "config": {"anchor": anchor, kind: element.pk, "delay": 2, "unit": "days", "unless": []},
        }  # fmt: skip
    return {"uid": uid, "event": event, "config": {kind: element.pk}, "conditions": None}


def draft(element: Element, event: str, what: str) -> Json:
    """A document to begin with: an action for the lead's agent, a choice by a field, or the same after some days."""
    actions: list[Json] = [
        {"uid": "a1", "action": "task.create", "config": {"title": _("Call {{ contact.name }}"), "assignee": "owner"}}
    ]
    if what == "conditional":
        field = f"journey.steps.{element.pk}" if isinstance(element, Step) else "contact.city"
        config = {"field": field, "cases": {_("a value"): _("short-name-of-a-workflow")}, "otherwise": ""}
        actions = [{"uid": "a1", "action": "workflow.choose", "config": config}]
    start = trigger(element, event, timed=what == "timed")
    return {"triggers": [start], "exits": [], "actions": actions, "settings": {}}


def attach(workflow: Workflow, element: Element, event: str) -> bool:
    """Adds the trigger to the workflow's draft; False where it has it already. It takes effect when it is published."""
    document = workflow.draft if isinstance(workflow.draft, dict) else {}
    triggers = [each for each in document.get("triggers") or [] if isinstance(each, dict)]
    new = trigger(element, event)
    if any(each.get("event") == event and each.get("config") == new["config"] for each in triggers):
        return False
    taken = {each.get("uid") for each in triggers}
    new["uid"] = next(uid for n in range(1, len(taken) + 2) if (uid := f"t{n}") not in taken)
    workflow.draft = {**document, "triggers": [*triggers, new]}
    workflow.save(update_fields=["draft", "updated_at"])
    return True


def past(element: Element, event: str) -> int:
    """How many leads, of those in the map now, this event has happened to: it starts nothing for them."""
    opened = event.endswith("opened")
    now = Journey.objects.filter(is_current=True, status=Journey.Status.OPEN)
    if isinstance(element, Map):
        return now.filter(map=element).count() if opened else 0
    column = "opened_at__isnull" if opened else "closed_at__isnull"
    mine = now.filter(map=element.map if isinstance(element, Track) else element.track.map)
    rows = (
        JourneyTrack.objects.filter(journey__in=mine, track=element)
        if isinstance(element, Track)
        else JourneyStep.objects.filter(journey__in=mine, step=element)
    )
    return rows.filter(**{column: False}).count()

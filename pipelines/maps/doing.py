"""What is done to one journey from its pages, by name: by the agent on the journey's page, by the lead on theirs.

The lead's row is locked first, then the journey is looked at: an act that was meant for a map which the
lead has left meanwhile is refused, and nothing happens in the new one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import services
from contacts.custom.definitions import definitions
from contacts.custom.kinds import Kind
from contacts.custom.values import PREFIX
from contacts.models import Contact
from pipelines.maps import controls, timers, verbs
from pipelines.maps.refusal import Refused
from pipelines.models import Journey, JourneyStep, Map, Step

# Who may complete a step that the lead is asked to do.
OF_THE_LEAD: Final = (Step.By.LEAD, Step.By.BOTH)
MOST_ATTEMPTS: Final = 100


@dataclass(frozen=True)
class Asked:
    """What was posted: the journey, the step where there is one, the form, and who it is, agent or lead."""

    journey: Journey
    step: JourneyStep | None
    data: Any
    by: str
    now: datetime

    def required_step(self) -> JourneyStep:
        if self.step is None:
            raise Refused(_("Say which step."))
        return self.step


def is_for_lead(step: JourneyStep) -> bool:
    """Whether the lead is asked to do it: calls are the agent's, and so are fields that name colleagues."""
    field = definitions().get(step.mirrors.removeprefix(f"{PREFIX}.")) if step.mirrors else None
    names_staff = field is not None and field.kind == Kind.USER
    return step.step.done_by in OF_THE_LEAD and step.control != Step.Control.CALL and not names_staff


def do(act: str, journey: Journey, step_id: str, data: Any, now: datetime, by: str = "agent") -> str:
    """Does it in one transaction, and says what came of it. Raises Refused or Unfit, nothing changed then."""
    deeds = OF_AGENT if by == "agent" else OF_LEAD
    if act not in deeds:
        raise Refused(_("There is no such act."))
    with transaction.atomic():
        Contact.objects.select_for_update().filter(pk=journey.contact_id).first()
        current = Journey.objects.filter(pk=journey.pk, is_current=True).select_related("map", "contact").first()
        if current is None:
            raise Refused(_("The lead was moved to another map; nothing can be done in this one any more."))
        step = _step(current, step_id, by)
        return deeds[act](Asked(current, step, data, by, now))


def _step(journey: Journey, step_id: str, by: str) -> JourneyStep | None:
    if not step_id:
        return None
    steps = journey.steps.select_related("step", "track")
    found: JourneyStep | None = steps.filter(pk=step_id).first() if step_id.isdigit() and len(step_id) < 19 else None
    if found is None or (by == "lead" and not is_for_lead(found)):
        raise Refused(_("There is no such step in this journey."))
    return found


def _complete(asked: Asked) -> str:
    step = asked.required_step()
    value = controls.read(step, definitions(), asked.data)
    verbs.complete(asked.journey.contact_id, step.step, value, asked.by, asked.now)
    if step.control == Step.Control.CALL:
        timers.in_touch([asked.journey.contact_id], asked.now)
    return step.step.completion_message or _("“%(step)s” is done.") % {"step": step}


def _change(asked: Asked) -> str:
    step = asked.required_step()
    value = controls.read(step, definitions(), asked.data)
    verbs.change(asked.journey.contact_id, step.step, value, asked.now)
    return _("“%(step)s” is changed.") % {"step": step}


def _uncheck(asked: Asked) -> str:
    step = asked.required_step()
    verbs.uncheck(asked.journey.contact_id, step.step, asked.now)
    return _("“%(step)s” is open again.") % {"step": step}


def _watch(asked: Asked) -> str:
    step = asked.required_step()
    percent = str(asked.data.get("percent", ""))
    if not percent.isdigit() or int(percent[:4]) > 100:
        raise Refused(_("Say how much was watched, from 0 to 100."))
    verbs.watch(asked.journey.contact_id, step.step, int(percent), asked.now)
    return ""


def _attempt(asked: Asked) -> str:
    """A call that reached nobody; the step stays open."""
    step = asked.required_step()
    if step.control != Step.Control.CALL or step.status != JourneyStep.Status.OPEN or not asked.journey.is_open:
        raise Refused(_("“%(step)s” is no call to be made now.") % {"step": step})
    said = asked.data.get("value", "").strip()[:300]
    step.attempts = [*step.attempts, {"at": asked.now.isoformat(), "said": said}][-MOST_ATTEMPTS:]
    step.save(update_fields=["attempts"])
    n = len(step.attempts)
    return ngettext("%(n)d attempt noted.", "%(n)d attempts noted.", n) % {"n": n}


def _advance(asked: Asked) -> str:
    verbs.advance(asked.journey.contact_id, asked.now)
    return _("Advanced.")


def _close(asked: Asked) -> str:
    status, reason = asked.data.get("status", ""), asked.data.get("reason", "").strip()
    if not asked.journey.is_open:
        raise Refused(_("The lead is closed already."))
    verbs.close(asked.journey.contact_id, status, reason, asked.now)
    return _("The lead is closed.")


def _reopen(asked: Asked) -> str:
    if asked.journey.status != Journey.Status.CLOSED:
        raise Refused(_("The lead is open."))
    services.update(asked.journey.contact, {"lead_status": Contact.LeadStatus.OPEN})
    return _("The lead is open again; the journey goes on where it stood.")


def _move(asked: Asked) -> str:
    number = asked.data.get("map", "")
    target = Map.objects.filter(pk=number).first() if number.isdigit() and len(number) < 19 else None
    if target is None:
        raise Refused(_("Choose a map."))
    if target.pk == asked.journey.map_id:
        raise Refused(_("The lead is in “%(map)s” already.") % {"map": target})
    verbs.assign(asked.journey.contact_id, target, asked.now)
    return _("The lead is in “%(map)s” now.") % {"map": target}


Deed = Callable[[Asked], str]
OF_AGENT: Final[Mapping[str, Deed]] = {
    "complete": _complete, "change": _change, "uncheck": _uncheck, "attempt": _attempt, "advance": _advance,
    "close": _close, "reopen": _reopen, "move": _move,
}  # fmt: skip
OF_LEAD: Final[Mapping[str, Deed]] = {
    "complete": _complete, "change": _change, "uncheck": _uncheck, "watch": _watch,
}  # fmt: skip

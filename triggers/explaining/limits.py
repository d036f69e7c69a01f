"""What would hold a workflow back though its conditions hold, as it stood when an event happened.

Told beside the conditions: how often the workflow runs for one contact, how many runs an hour, and what the contact
has closed of what its messages go out by. Reads what is stored; the guards themselves are in `matching/guards.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers import registry
from triggers.matching import guards
from triggers.models.event import Event
from triggers.models.run import Run
from triggers.models.workflow import Workflow
from triggers.wording import moments
from triggers.workflows import document
from triggers.workflows.document import Document, Settings

# The fact that says whether the contact takes no messages by a channel, by the first word of the actions that send them.
CHANNELS: Final = {"email": "dnd_email", "sms": "dnd_sms", "video": "dnd_email"}


@dataclass(frozen=True)
class Limit:
    """A limit in words, whether it let the event pass, and what it went by."""

    text: str
    passed: bool
    label: str = ""
    seen: str = ""


def limits(workflow: Workflow, event: Event) -> list[Limit]:
    """The limits of the live version; none before it was published."""
    if workflow.current_id is None:
        return []
    doc = document.of_version(workflow.current_id)
    return [_again(workflow, event, doc.settings), *_rate(workflow, event, doc.settings), *_closed(event, doc)]


def _again(workflow: Workflow, event: Event, chosen: Settings) -> Limit:
    """Whether an earlier run stands in the way of another for the same contact or record."""
    earlier = _earlier(workflow, event, chosen).order_by("-event_id").first()
    label = _("Last run:")
    seen = moments.exact(earlier.created_at) if earlier else _("never")
    if chosen.reentry == "cooldown":
        hours = chosen.cooldown_hours
        text = ngettext("Not again within %(n)d hour", "Not again within %(n)d hours", hours) % {"n": hours}
        recent = earlier is not None and earlier.created_at > event.occurred_at - timedelta(hours=hours)
        return Limit(text, not recent, label, seen)
    passed = {
        "once_per_contact": earlier is None, "once_per_object": earlier is None,
        "one_active": earlier is None or not _was_active(earlier, event),
    }.get(chosen.reentry, True)  # fmt: skip
    return Limit(reentry_in_words(chosen.reentry), passed, label, seen)


def reentry_in_words(reentry: str) -> str:
    """Such as: Once per contact."""
    extra: Any = Settings.model_fields["reentry"].json_schema_extra
    return _(extra["labels"][reentry])


def _earlier(workflow: Workflow, event: Event, chosen: Settings) -> Any:
    """The runs that earlier events started, for the same contact; for the same record where that is asked."""
    runs = guards.counting().filter(workflow=workflow, event_id__lt=event.pk)
    if chosen.reentry == "once_per_object" or event.contact_id is None:
        return runs.filter(subject_type=event.subject_type, subject_id=event.subject_id)
    return runs.filter(contact_id=event.contact_id)


def _was_active(run: Run, event: Event) -> bool:
    return run.finished_at is None or run.finished_at > event.occurred_at


def _rate(workflow: Workflow, event: Event, chosen: Settings) -> Iterator[Limit]:
    """More than the limit are not refused: they wait for their turn."""
    if chosen.rate_per_hour is None:
        return
    hour = Q(created_at__gt=event.occurred_at - timedelta(hours=1), created_at__lte=event.occurred_at)
    told = ngettext("At most %(n)d run an hour; more wait their turn", "At most %(n)d runs an hour; more wait their turn",
                    chosen.rate_per_hour)  # fmt: skip
    began = guards.counting().filter(hour, workflow=workflow)[: chosen.rate_per_hour].count()
    yield Limit(told % {"n": chosen.rate_per_hour}, True, _("In the hour before:"), str(began))


def _closed(event: Event, doc: Document) -> Iterator[Limit]:
    """Do-not-disturb, for each channel that the workflow writes by; as it is today, and it stops no run."""
    if event.contact_id is None or "contact" not in registry.facts:
        return
    source = registry.facts["contact"]
    values = source.load([event.contact_id]).get(event.contact_id, {})
    sending = [node.action for node in doc.nodes.values() if node.action in registry.actions]
    wanted = {name for key in sending if registry.actions[key].sends and (name := _channel_of(key))}
    for name in sorted(wanted):
        field = source.field(name)
        if field is not None and name in values:
            closed = bool(values[name])
            text = _("Do-not-disturb is off: %(channel)s") % {"channel": field.label}
            yield Limit(text, not closed, _("Now:"), _("it is on") if closed else _("it is off"))


def _channel_of(action: str) -> str:
    return CHANNELS.get(action.partition(".")[0], "")

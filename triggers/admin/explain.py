"""Explain: why a workflow did or did not start for a contact, with every value that was seen."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from triggers import evidence, registry
from triggers.admin.would_do import would_do
from triggers.conditions.fields import Lookup
from triggers.explaining.dry_run import judged
from triggers.explaining.explain import Answer, explain, explain_event
from triggers.explaining.limits import limits
from triggers.models import Event, Miss, Workflow
from triggers.wording import people, sentences, telling, verdicts, words
from triggers.wording.verdicts import Row
from triggers.workflows import document

EVENTS: Final = 20


@dataclass(frozen=True)
class Told:
    """A workflow's answer with its reason in words."""

    answer: Answer
    sentence: str


def explain_page(request: HttpRequest) -> HttpResponse:
    """`?workflow=…&contact=…&event=…`, or `who=` with a part of a name; asks for what is missing."""
    if not request.user.has_perm("triggers.view_workflow") or not request.user.has_perm("triggers.view_event"):
        raise PermissionDenied
    chosen = _chosen(request)
    context = {
        **admin.site.each_context(request), "title": _("Why did it not start?"), "opts": Workflow._meta,
        "workflows": Workflow.objects.exclude(status="archived").order_by("name").only("name"), **chosen,
    }  # fmt: skip
    if chosen["workflow"] and chosen["event"]:
        context |= answer(chosen["workflow"], chosen["event"])
    return TemplateResponse(request, "admin/triggers/explain.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """What the address names: workflow, contact and event, and what may be chosen next."""
    workflow = _by_number(Workflow.objects.select_related("current"), request.GET.get("workflow"))
    event = _by_number(Event.objects, request.GET.get("event"))
    who, number = request.GET.get("who", "").strip(), request.GET.get("contact", "")
    contact_id = int(number) if number.isdigit() and len(number) < 19 else event.contact_id if event else None
    name = people.contact_name(contact_id)
    found: list[int] = []
    if who and who != name:
        # Another name was typed over the one chosen before.
        found, contact_id, event = people.matching_contacts(who), None, None
        if len(found) == 1:
            contact_id, found = found[0], []
            name = people.contact_name(contact_id)
    events = _events(workflow, contact_id)
    if event is None or (contact_id is not None and event.contact_id != contact_id):
        event = events[0] if events else None
    return {
        "workflow": workflow, "contact_id": contact_id, "contact": name if contact_id else who, "event": event,
        "found": [(pk, people.contact_name(pk)) for pk in found],
        "events": [(each.pk, telling.moment_of(each)) for each in events],
        "nobody": bool(who and not found and contact_id is None),
    }  # fmt: skip


def _events(workflow: Workflow | None, contact_id: int | None) -> list[Event]:
    """The contact's newest events of the kinds that start the workflow."""
    if workflow is None or workflow.current_id is None or contact_id is None:
        return []
    kinds = {entry.event for entry in document.of_version(workflow.current_id).triggers}
    return list(Event.objects.filter(contact_id=contact_id, type__in=kinds).order_by("-id")[:EVENTS])


def answer(workflow: Workflow, event: Event) -> dict[str, Any]:
    """The answer in a sentence, the tree behind it, and what other workflows made of the same event."""
    found = explain(workflow, event)
    miss = None if found.run_id else Miss.objects.filter(workflow_id=workflow.pk, event_id=event.pk).first()
    kind = registry.events.get(event.type)
    find = evidence.lookup(kind) if kind else (lambda _name: None)
    checked, seen_now = _checked(workflow, event, found, miss, find)
    others = [each for each in told(event) if each.answer.workflow_id != workflow.pk]
    return {
        "answer": found, "headline": _headline(found, checked, event), "checked": checked, "others": others,
        "event_label": words.event_label(event.type), "event_details": telling.details(event),
        "actor": people.actor_names([event])[event.pk], "seen_word": _("Now:") if seen_now else _("Seen:"),
        "would": [] if found.run_id else would_do(workflow, event),
        "limits": limits(workflow, event), "reached": found.started or found.run_id is not None,
        "may_start": workflow.status == Workflow.Status.LIVE,
        "sentence": sentences.sentence(workflow.current.document if workflow.current else workflow.draft),
    }  # fmt: skip


def _checked(
    workflow: Workflow, event: Event, found: Answer, miss: Miss | None, find: Lookup
) -> tuple[list[Row], bool]:
    """The tree's rows; and whether they show today's values, because those of the moment were not kept.

    A miss kept the one value that decided; the other conditions saw, as far as anybody knows, what they
    see today.
    """
    if found.verdict:
        return verdicts.rows(found.verdict, find), found.seen == "now"
    if miss is None or not miss.field or workflow.current_id is None:
        return [], False
    entries = document.of_version(workflow.current_id).triggers
    entry = next((each for each in entries if each.uid == miss.trigger_uid and each.event == event.type), None)
    if entry is None:
        return [], False
    today = judged(entry, event, timezone.now())["verdict"]
    return verdicts.rows(verdicts.as_then(today, miss.field, miss.expected, miss.actual), find), False


def told(event: Event) -> list[Told]:
    """Every workflow's answer to the event, reasons under the labels of their fields."""
    missed = {miss.workflow_id: miss for miss in Miss.objects.filter(event_id=event.pk)}
    found = []
    for each in explain_event(event):
        miss = None if each.run_id else missed.get(each.workflow_id)
        found.append(Told(each, telling.why_not_started(miss, event) if miss else each.sentence))
    return found


def _headline(found: Answer, checked: list[Row], event: Event) -> str:
    """The answer; where one condition decided, in its own words rather than the engine's."""
    culprit = next((row for row in checked if row.decided and not row.is_group), None)
    if found.started or culprit is None:
        return found.sentence
    words_of = {
        "label": culprit.label, "seen": culprit.seen, "event": telling.label(event),
        "asked": culprit.text[:1].lower() + culprit.text[1:],
    }  # fmt: skip
    if found.seen == "now":
        return _("It did not start; what it saw then was not kept. By now %(label)s is %(seen)s, "
                 "and the workflow asks: %(asked)s.") % words_of  # fmt: skip
    return _("Because %(label)s was %(seen)s when “%(event)s” happened, and the workflow asks: %(asked)s.") % words_of


def _by_number(rows: Any, number: str | None) -> Any:
    return rows.filter(pk=int(number)).first() if number and number.isdigit() and len(number) < 19 else None

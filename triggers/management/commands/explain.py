"""`manage.py explain`: why did it (not) start?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triggers.explaining.explain import Answer, explain, explain_contact, explain_event
from triggers.models import Event, Workflow


class Command(BaseCommand):
    help = "Explain why workflows did or did not start: for an event, or for a contact and a workflow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--event", type=int, help="An event's id.")
        parser.add_argument("--contact", type=int, help="A contact's id; needs --workflow.")
        parser.add_argument("--workflow", help="A workflow's short name.")
        parser.add_argument("--json", action="store_true", help="Print the answers with their verdicts as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        answers = self._answers(options["event"], options["contact"], options["workflow"])
        if options["json"]:
            self.stdout.write(json.dumps([answer.as_json() for answer in answers], indent=2, default=str))
            return
        for answer in answers:
            mark = "✓" if answer.started else "✗"
            self.stdout.write(f"{mark} {answer.workflow}, event {answer.event_id}: {answer.sentence}")
        if not answers:
            self.stdout.write("No workflow listens for this, and no event of the contact could start it.")

    def _answers(self, event_id: int | None, contact_id: int | None, slug: str | None) -> list[Answer]:
        workflow = self._workflow(slug) if slug else None
        if event_id is not None:
            event = Event.objects.filter(pk=event_id).first()
            if event is None:
                raise CommandError(f"There is no event {event_id}.")
            return [explain(workflow, event)] if workflow else explain_event(event)
        if contact_id is None or workflow is None:
            raise CommandError("Name an --event, or a --contact and a --workflow.")
        return explain_contact(workflow, contact_id)

    def _workflow(self, slug: str) -> Workflow:
        found = Workflow.objects.filter(slug=slug).first()
        if found is None:
            known = ", ".join(Workflow.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no workflow “{slug}”. There are: {known}.")
        return found

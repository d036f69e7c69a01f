"""`manage.py catalogue`: every event and action type this installation knows."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from triggers import catalogue_page
from triggers.catalogue import catalogue


class Command(BaseCommand):
    help = "List every event type that can start a workflow, and every action it can take."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print schemas, fields and examples as JSON.")
        parser.add_argument("--markdown", action="store_true", help="Print docs/events-and-actions.md.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write(catalogue_page.markdown(), ending="")
            return
        found = catalogue()
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        for title, kinds in found.items():
            self.stdout.write(self.style.MIGRATE_HEADING(f"{title} ({len(kinds)})"))
            for kind in kinds:
                first_line = kind["description"].splitlines()[0]
                self.stdout.write(f"  {kind['key']:<28} {first_line}")

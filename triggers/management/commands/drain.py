"""`manage.py drain`: does everything that is due, in this process."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from triggers import sweeping


class Command(BaseCommand):
    help = "Match events, walk runs and make calls until nothing is due; for scripts and tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-outside", action="store_true", help="Leave calls to the outside world undone.")
        parser.add_argument("--json", action="store_true", help='Print {"moved": n}.')

    def handle(self, *args: Any, **options: Any) -> None:
        moved = sweeping.drain(outside=not options["no_outside"])
        told = json.dumps({"moved": moved}) if options["json"] else _("%(n)d rows moved.") % {"n": moved}
        self.stdout.write(told)

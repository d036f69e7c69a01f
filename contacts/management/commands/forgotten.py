"""`manage.py forgotten export|apply`: who was forgotten, and forgetting them again after a backup was restored."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contacts.privacy import ledger, restoring


class Command(BaseCommand):
    help = "Tell who was forgotten, or forget them again in a restored database. Before workers run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("export", help="Print a line for everybody whom this database knows as forgotten.")
        again = verbs.add_parser("apply", help="Forget everybody in the ledger who is still here. It cannot be undone.")
        again.add_argument("file", nargs="?", type=Path, help=f"The ledger; else {settings.FORGOTTEN_LEDGER}.")
        again.add_argument("--json", action="store_true", help='Print {"forgotten": n, "already": n, "absent": n}.')

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            for entry in ledger.entries():
                self.stdout.write(ledger.line(entry))
            return
        file = options["file"] or settings.FORGOTTEN_LEDGER
        try:
            # Read to its end before anything is done.
            found = list(ledger.read(file.read_text().splitlines()))
        except (OSError, UnicodeError, ledger.Unreadable) as error:
            raise CommandError(f"{file}: {error}") from error
        counts = Counter(restoring.apply(entry, timezone.now()) for entry in found)
        told = {name: counts[name] for name in ("forgotten", "already", "absent")}
        words = ", ".join(f"{count} {name}" for name, count in told.items())
        self.stdout.write(json.dumps(told) if options["json"] else f"{words}.")

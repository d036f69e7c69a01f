"""`manage.py doctor`: is everything as it should be, and what to do where it is not."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from concours import health


class Command(BaseCommand):
    help = "Check configuration and health; exit status 1 when something needs you."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print the checks as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = health.all_checks()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(check) for check in checks], indent=2))
        else:
            for check in checks:
                mark = self.style.SUCCESS("✓") if check.ok else self.style.ERROR("✗")
                self.stdout.write(f"{mark} {check.name}: {check.detail}")
                if check.hint:
                    self.stdout.write(f"    {check.hint}")
        if not all(check.ok for check in checks):
            sys.exit(1)

"""`manage.py bench`: the cases of docs/performance.md, each with its ratio beside its goal."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from concours import bench
from concours.bench import capturing, clock, flooding, forms, importing, journeys, matching, serving, stale  # noqa: F401 -- they register their cases
from concours.bench.scratch import scratch_database


class Command(BaseCommand):
    help = (
        "Measure ratios of two things done in turn, in a scratch database that is dropped afterwards. "
        "Ratios of one run compare; figures of two machines do not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="CASE", help="Cases to run; all when none is named.")
        parser.add_argument("--quick", action="store_true", help="Run small, to see that the cases work.")
        parser.add_argument("--rounds", type=int, default=bench.ROUNDS, help="Rounds of each case.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object a line.")
        parser.add_argument("--list", action="store_true", help="Name the cases.")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["names"]) - bench.cases.keys()
        if unknown:
            raise CommandError(f"There is no case {', '.join(sorted(unknown))}. Cases: {', '.join(bench.cases)}.")
        if options["list"]:
            self.stdout.write("\n".join(f"{name:<12} {(run.__doc__ or '')}" for name, run in bench.cases.items()))
            return
        settings.CONCOURS_POKE = False
        size = bench.Size(options["quick"], 1 if options["quick"] else options["rounds"])
        with scratch_database():
            for name in options["names"] or bench.cases:
                for found in bench.cases[name](size):
                    self._tell(found, as_json=options["json"])

    def _tell(self, found: bench.Result, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
            return
        detail = ", ".join(f"{name} {value}" for name, value in found.detail.items())
        spread = f"({found.min:.3f} to {found.max:.3f}, {found.rounds} rounds)"
        self.stdout.write(f"{found.case:<40} {found.ratio:>8.3f}  {spread:<32} goal {found.goal:<8} {detail}")

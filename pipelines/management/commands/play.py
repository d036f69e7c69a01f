"""`manage.py play`: plays map scenarios through the real engine, and undoes everything."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from pipelines.maps.play import judging, notation


class Command(BaseCommand):
    help = (
        "Play the scenarios of a YAML file: given a map and a sequence of acts, are exactly these events recorded, "
        "and do exactly these workflows run? The real engine plays them; nothing of it stays, and nothing is sent. "
        "docs/maps.md explains the notation. Ends with 1 unless all agree."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the scenarios, one YAML document each")
        parser.add_argument("--id", default="", help="play only the scenario of this id")
        parser.add_argument("--json", action="store_true", help="print one JSON object a scenario, one a line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = Path(options["file"]).read_text(encoding="utf-8")
            scenarios = [each for each in notation.read(text) if options["id"] in ("", each.id)]
        except (OSError, UnicodeDecodeError, notation.BadScenario) as error:
            raise CommandError(str(error)) from None
        if not scenarios:
            raise CommandError(_("There is no such scenario in this file."))
        failed = 0
        for scenario in scenarios:
            told = judging.play(scenario)
            failed += not told["ok"]
            self.stdout.write(json.dumps(told) if options["json"] else _line(scenario, told))
        if failed:
            raise SystemExit(1)


def _line(scenario: notation.Scenario, told: dict[str, Any]) -> str:
    if told["ok"]:
        return f"{scenario.id} ok"
    return f"{scenario.id} {scenario.title}\n    {told['differences'][0]}"

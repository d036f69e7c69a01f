"""`manage.py workflows export|import|lint`: workflow documents as JSON files, so that they can live in git."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triggers import services
from triggers.models import Workflow
from triggers.problems import pointer
from triggers.workflows import checking


class Command(BaseCommand):
    help = "Export workflows to JSON files, import them as drafts, or check them all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="Write workflows to files, or to standard output.")
        export.add_argument("slugs", nargs="*", help="Short names; all workflows when none is given.")
        export.add_argument("--to", type=Path, help="The folder to write to.")
        load = verbs.add_parser("import", help="Read files and save each as a draft under its short name.")
        load.add_argument("files", nargs="+", type=Path)
        lint = verbs.add_parser("lint", help="Check drafts and live versions; exit status 1 when one has errors.")
        lint.add_argument("--json", action="store_true", help="Print the problems as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        {"export": self._export, "import": self._import, "lint": self._lint}[options["verb"]](options)

    def _export(self, options: dict[str, Any]) -> None:
        chosen = Workflow.objects.filter(slug__in=options["slugs"]) if options["slugs"] else Workflow.objects.all()
        for workflow in chosen:
            text = json.dumps(services.export(workflow), indent=2, ensure_ascii=False)
            if options["to"] is None:
                self.stdout.write(text)
            else:
                options["to"].mkdir(parents=True, exist_ok=True)
                (options["to"] / f"{workflow.slug}.json").write_text(text + "\n")

    def _import(self, options: dict[str, Any]) -> None:
        for file in options["files"]:
            try:
                found = json.loads(file.read_text())
            except (OSError, ValueError) as error:
                raise CommandError(f"{file}: {error}") from error
            workflow, problems = services.import_draft(found)
            self.stdout.write(f"{workflow.slug}: saved as a draft, {len(problems)} problems")
            for problem in problems:
                self.stdout.write(f"  {pointer(problem.path)}: {problem.message}")

    def _lint(self, options: dict[str, Any]) -> None:
        found = {
            workflow.slug: [p.as_json() for p in checking.check(workflow.draft, slug=workflow.slug)]
            for workflow in Workflow.objects.exclude(status=Workflow.Status.ARCHIVED)
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
        else:
            for slug, problems in found.items():
                for problem in problems:
                    self.stdout.write(
                        f"{slug}: {problem['level']}: {pointer(tuple(problem['path']))}: {problem['message']}"
                    )
        if any(p["level"] == "error" for problems in found.values() for p in problems):
            sys.exit(1)

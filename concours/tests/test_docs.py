"""The documentation is true where a machine can tell: commands exist, links lead somewhere, tables name everything."""

import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands, load_command_class

from capture.intake import ID_HEADERS
from capture.mapping import FIELDS
from concours.api import router
from concours.management.commands.demo import LEAD
from concours.tests import pages
from concours.tests.pages import PAGES, ROOT, Command
from triggers.api.keys import scope_of
from triggers.api.scopes import known_scopes
from triggers.conditions.fields import OPERATORS
from triggers.text.filters import FILTERS
from triggers.workflows import checking
from triggers.workflows.document import Settings

MANAGED = [command for command in pages.commands() if command.managed]
# Files that a reader is to make.
EXAMPLES = {block.file for block in pages.blocks("python")}
# These need nothing but a database, and are run as they stand.
RUN = ("catalogue", "doctor", "drain", "workflows lint", "apikey list")


def test_the_catalogue_is_current() -> None:
    printed = io.StringIO()

    call_command("catalogue", "--markdown", stdout=printed)

    again = "manage.py catalogue --markdown > docs/events-and-actions.md"
    assert printed.getvalue() == (ROOT / "docs/events-and-actions.md").read_text(), again


@pytest.mark.parametrize("command", MANAGED, ids=str)
def test_every_command_takes_what_the_pages_give_it(command: Command) -> None:
    name, *arguments = command.managed

    parsed = _parser(name).parse_args(arguments)

    assert parsed is not None


@pytest.mark.django_db
@pytest.mark.parametrize("command", [each for each in MANAGED if " ".join(each.managed) in RUN], ids=str)
def test_commands_that_only_look_run(command: Command) -> None:
    printed = io.StringIO()

    try:
        call_command(*command.managed, stdout=printed)
    except SystemExit as ended:
        # doctor: nothing sweeps during a test
        assert ended.code == 1  # noqa: PT017

    assert printed.getvalue() or "list" in command.managed or "lint" in command.managed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in re.findall(r"\]\(([^)\s]+)\)", pages.prose(page)) if not _leads_somewhere(page, link)]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|json|yaml|toml|example))`", pages.prose(page))

    assert [file for file in named if not (ROOT / file).exists() and file not in EXAMPLES] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_speaks_of_the_machine_it_was_written_on(page: Path) -> None:
    text = page.read_text()

    assert re.findall(r"/(?:home|root|tmp|work|mnt|Users)/\S*", text) == []
    assert str(ROOT) not in text


def test_the_readme_shows_the_line_that_demo_prints() -> None:
    assert f"curl -d '{LEAD}' -H 'Content-Type: application/json' http" in (ROOT / "README.md").read_text()


def test_operations_names_every_variable() -> None:
    example = (ROOT / ".env.example").read_text()

    named = pages.codes(pages.first_cells("docs/operations.md", "## Settings"))

    assert named == set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE))


def test_messages_names_every_filter() -> None:
    assert pages.codes(pages.first_cells("docs/messages.md", "## Filters")) == set(FILTERS)


def test_the_workflow_document_names_every_setting_and_every_operator() -> None:
    page = (ROOT / "docs/workflow-document.md").read_text()

    named = pages.codes(pages.first_cells("docs/workflow-document.md", "## Settings"))

    assert named == set(Settings.model_fields)
    assert [key for key in OPERATORS if f"`{key}`" not in page] == []
    assert str(checking.MAX_NODES) in page
    assert f"{checking.MAX_BYTES:,}" in page


def test_inbound_webhooks_names_every_field_and_every_header() -> None:
    page = (ROOT / "docs/inbound-webhooks.md").read_text()

    assert [name for name in (*FIELDS, *ID_HEADERS) if f"`{name}`" not in page] == []


def test_the_api_page_names_every_resource_with_its_scopes_and_filters() -> None:
    rows = re.findall(r"^\| `([\w/-]+)` \| .+? \| (.+?) \| (.+?) \|$", (ROOT / "docs/api.md").read_text(), re.MULTILINE)

    told = {name: pages.codes([filters]) for name, _scopes, filters in rows}

    assert told == {prefix: _filters(view) for prefix, view, _name in router().registry}
    assert pages.codes([scopes for _name, scopes, _filters in rows]) == set(known_scopes())


def test_the_api_page_names_every_call_with_its_scope() -> None:
    page = (ROOT / "docs/api.md").read_text()
    rows = re.findall(r"^\| `([A-Z]+) ([\w/<>-]+)` \| .+? \| `([\w:-]+)` \|$", page, re.MULTILINE)

    assert {(method, path): scope for method, path, scope in rows} == dict(_calls())


def _calls() -> Iterator[tuple[tuple[str, str], str]]:
    """Method, address and scope of every call beside the usual ones."""
    usual = {"list", "create", "retrieve", "update", "partial_update", "destroy"}
    for pattern in router().urls:
        view = getattr(pattern.callback, "cls", None)
        actions = getattr(pattern.callback, "actions", None) or {}
        for method, name in actions.items():
            if view is not None and name not in usual:
                path = (
                    re.sub(r"\(\?P<(\w+)>.*?\)(?=/)", r"<\1>", str(pattern.pattern)).strip("^$").replace("<pk>", "<id>")
                )
                yield (method.upper(), path), scope_of(view(**pattern.callback.initkwargs), method.upper())


def _filters(view: Any) -> set[str]:
    chosen = getattr(view, "filterset_class", None)
    return set(chosen.base_filters) if chosen else set(getattr(view, "filterset_fields", ()))


def _parser(name: str) -> ArgumentParser:
    app = get_commands()[name]
    made = load_command_class(app, name) if isinstance(app, str) else app
    parser: ArgumentParser = made.create_parser("manage.py", name)
    return parser


def _leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"https?:", link):
        return True
    name, _hash, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in pages.anchors(target))

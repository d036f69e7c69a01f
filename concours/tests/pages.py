"""The documentation as its tests read it: pages, their code blocks, their console commands, links and headings."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block. `where` names page and line, for messages."""

    where: str
    language: str
    text: str

    def __str__(self) -> str:
        return self.where

    @property
    def file(self) -> str:
        """The file that a block of Python names in its first line; empty where it names none."""
        found = re.match(r"# ([\w/]+\.py)( \(excerpt\))?\n", self.text)
        return found[1] if found else ""


@dataclass
class Command:
    """A command after a `$ ` prompt, and what the page shows below it."""

    where: str
    line: str
    shown: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.where}: {self.line[:60]}"

    def words(self, **variables: object) -> list[str]:
        """The command as a shell splits it; `$NAME` is replaced by the variable of that name in small letters."""
        return shlex.split(re.sub(r"\$([A-Z_]+)", lambda found: str(variables[found[1].lower()]), self.line))

    @property
    def answer(self) -> str:
        return "\n".join(self.shown)

    @property
    def managed(self) -> list[str]:
        """What stands after manage.py; empty for other commands."""
        words = self.line.partition(" >")[0].split()
        places = [place for place, word in enumerate(words) if word.endswith("manage.py")]
        return words[places[0] + 1 :] if places else []


def blocks(*languages: str) -> list[Block]:
    """Every fenced block of these languages, in all pages."""
    return [
        Block(f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}", found[1], found[2])
        for page in PAGES
        for text in [page.read_text()]
        for found in FENCE.finditer(text)
        if found[1] in languages
    ]


def commands() -> list[Command]:
    """Every command of every console block."""
    return [command for block in blocks("console") for command in _commands(block)]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return FENCE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    """What `#…` may lead to: the headings, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def first_cells(page: str, heading: str) -> list[str]:
    """The first cell of each row of the tables between this heading and the next of its kind."""
    level = heading.partition(" ")[0]
    _before, _heading, after = (ROOT / page).read_text().partition(f"\n{heading}\n")
    section = re.split(rf"^{level} ", after, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    return [row for row in rows if not set(row) <= set("- ")]


def codes(cells: list[str]) -> set[str]:
    """What stands in backticks in these cells."""
    return {code for cell in cells for code in re.findall(r"`([^`]+)`", cell)}


def _commands(block: Block) -> Iterator[Command]:
    command: Command | None = None
    for line in block.text.splitlines():
        if command is not None and _is_open(command.line):
            command.line += f"\n{line}"
        elif line.startswith("$ "):
            if command is not None:
                yield command
            command = Command(block.where, line.removeprefix("$ "))
        elif command is not None:
            command.shown.append(line)
    if command is not None:
        yield command


def _is_open(line: str) -> bool:
    """Whether a quotation goes on in the next line."""
    try:
        shlex.split(line)
    except ValueError:
        return True
    return False

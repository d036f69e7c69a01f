"""Every text a person reads: out of the code and the templates, into `locale/<language>/LC_MESSAGES/django.po`, and back.

Babel reads the sources, with Django's own reading of templates; no gettext binaries are needed. What a kind of event or
action declares in plain English (its section, the names of its settings, the first paragraph of its docstring) is
asked of the registry, because pages translate it when they show it.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

from concours.declared import declared

# What stands for a message: one text, or a singular and its plural.
Id: TypeAlias = "str | tuple[str, str]"
Key: TypeAlias = "tuple[Id, str | None]"

# The language of the texts in the code.
SOURCE: Final = "en"
CONTEXT: Final = (1, "c")
ONE: Final = dict.fromkeys(("_", "_now", "gettext", "gettext_lazy", "gettext_noop"), (1,))
SEVERAL: Final = dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
IN_CONTEXT: Final = dict.fromkeys(("pgettext", "pgettext_lazy"), (CONTEXT, 2))
SEVERAL_IN_CONTEXT: Final = dict.fromkeys(("npgettext", "npgettext_lazy"), (CONTEXT, 2, 3))
KEYWORDS: Final = {**ONE, **SEVERAL, **IN_CONTEXT, **SEVERAL_IN_CONTEXT}
LEFT_OUT: Final = frozenset({"tests", "migrations", "bench"})
# The compiled file names a moment; always the same, so that it changes where a text does.
DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)
PLACEHOLDER: Final = re.compile(
    r"%\(\w+\)[-+#0-9.,]*[a-zA-Z]|%[sd]|%%|\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|</?(?:a|b|br|code|em|span|strong)\b[^>]*>"
)


@dataclass(frozen=True)
class Fault:
    """A message whose translation would not do."""

    text: str
    why: str


def folder(language: str) -> Path:
    return Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES"


def found(root: Path) -> dict[Key, list[str]]:
    """All messages below `root`, each with the files that hold it."""
    messages: dict[Key, list[str]] = {}
    for path in sorted(path for name in _folders() for path in (root / name).rglob("*") if path.is_file()):
        for key in _messages(path, path.relative_to(root)):
            places = messages.setdefault(key, [])
            if path.relative_to(root).as_posix() not in places:
                places.append(path.relative_to(root).as_posix())
    for text, place in declared():
        messages.setdefault((text, None), [place])
    return _once(messages)


def _folders() -> list[str]:
    """Our own apps, and the templates of the house."""
    base = Path(settings.BASE_DIR)
    ours = {Path(app.path).name for app in apps.get_app_configs() if Path(app.path).parent == base}
    return sorted({*ours, "templates"})


def _once(messages: dict[Key, list[str]]) -> dict[Key, list[str]]:
    """gettext knows a text with a plural by its singular: one entry serves both the counted and the plain text."""
    counted = {(text[0], context): (text, context) for text, context in messages if isinstance(text, tuple)}
    merged: dict[Key, list[str]] = {}
    for (text, context), places in messages.items():
        key = counted.get((text if isinstance(text, str) else text[0], context), (text, context))
        merged[key] = sorted({*merged.get(key, []), *places})
    return merged


def _messages(path: Path, shown: Path) -> Iterator[Key]:
    if LEFT_OUT.intersection(shown.parts):
        return
    if path.suffix == ".py":
        yield from _in_python(path.read_text())
    elif path.suffix in (".html", ".txt") and "templates" in shown.parts:
        yield from _in_template(templatize(path.read_text(), origin=str(shown)))


def _in_python(source: str) -> Iterator[Key]:
    """The constant texts of every call, within f-strings too, which a reading token by token passes over."""
    for call in ast.walk(ast.parse(source)):
        name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in KEYWORDS:
            said = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            context = said.pop(0) if said and name.startswith(("pgettext", "npgettext")) else None
            if said:
                yield (said[0] if len(said) == 1 else (said[0], said[1])), context


def _in_template(source: str) -> Iterator[Key]:
    # In brackets the indentation of what is no Python does not matter to Python's tokenizer.
    for _line, text, _comments, context in extract("python", BytesIO(f"({source})".encode()), KEYWORDS):
        yield (text if isinstance(text, str) else (text[0], text[1])), context


def read(language: str) -> Catalog:
    """The committed catalogue; an empty one where there is none."""
    path = folder(language) / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def brought_up_to_date(old: Catalog, messages: dict[Key, list[str]]) -> Catalog:
    """A catalogue of exactly these messages, with the translations the old one has. Nothing is guessed."""
    fresh = Catalog(locale=old.locale, domain="django")
    for (text, context), places in sorted(messages.items(), key=lambda item: (item[1][0], str(item[0][0]))):
        known = old.get(text, context)
        # A text that has got a plural, or lost it, is another text.
        string = known.string if known is not None and known.id == text else None
        fresh.add(text, string, [(place, 0) for place in places], context=context)
    return fresh


def po(catalog: Catalog) -> bytes:
    """The file for translators. It names files without lines and no dates, so that it changes where a text does."""
    written = BytesIO()
    write_po(written, catalog, width=0, omit_header=True, include_lineno=False)
    return HEADER.format(plural=catalog.plural_forms, language=catalog.locale).encode() + written.getvalue()


def mo(catalog: Catalog) -> bytes:
    """What Django reads."""
    written = BytesIO()
    same = Catalog(locale=catalog.locale, domain="django", creation_date=DATE, revision_date=DATE)
    for message in _told(catalog):
        same.add(message.id, message.string, context=message.context)
    write_mo(written, same)
    return written.getvalue()


HEADER: Final = """\
# What staff and contacts read. script/messages writes this file: it adds new texts and drops those that are gone.
msgid ""
msgstr ""
"Project-Id-Version: Concours\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def write(language: str, catalog: Catalog) -> None:
    folder(language).mkdir(parents=True, exist_ok=True)
    (folder(language) / "django.po").write_bytes(po(catalog))
    (folder(language) / "django.mo").write_bytes(mo(catalog))


def keys(catalog: Catalog) -> set[Key]:
    return {_key(message) for message in _told(catalog)}


def untranslated(catalog: Catalog) -> list[Message]:
    """Messages without a text in each of their forms, and those a tool has only guessed."""
    return [message for message in _told(catalog) if message.fuzzy or not all(_forms(message))]


def faults(catalog: Catalog) -> list[Fault]:
    """Translations that lose or invent a placeholder or a tag, or begin or end with another space."""
    return [
        Fault(source, why)
        for message in _told(catalog)
        for source, text in _pairs(message)
        if text and (why := _wrong(source, text))
    ]


def _told(catalog: Catalog) -> Iterable[Message]:
    return [message for message in catalog if message.id]


def _key(message: Message) -> Key:
    text = message.id
    return (text if isinstance(text, str) else (text[0], text[1])), message.context


def _forms(message: Message) -> tuple[str, ...]:
    """The translated texts; one empty text where there is none."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each translated form with the English one it stands for."""
    if isinstance(message.id, str):
        yield message.id, _forms(message)[0]
        return
    singular, *others = _forms(message)
    yield message.id[0], singular
    for text in others:
        yield message.id[1], text


def _wrong(source: str, text: str) -> str:
    ours, theirs = (sorted(PLACEHOLDER.findall(each)) for each in (source, text))
    if ours != theirs:
        return f"placeholders {theirs} instead of {ours}"
    start, end = len(source) - len(source.lstrip()), len(source) - len(source.rstrip())
    if (len(text) - len(text.lstrip()), len(text) - len(text.rstrip())) != (start, end):
        return "other white space at its start or end"
    return ""

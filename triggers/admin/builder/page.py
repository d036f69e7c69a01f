"""What the form's templates are given: cards with their problems and previews, the sentence, and where the focus is."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from triggers import registry
from triggers.admin.builder import faces, places, previews
from triggers.admin.builder.cards import layout
from triggers.admin.builder.edits import Edited
from triggers.admin.builder.previews import Wished
from triggers.admin.next_firings import next_firings
from triggers.event_types import EventType
from triggers.problems import Problem
from triggers.wording import sentences


def context(edited: Edited, problems: list[Problem], wished: Wished | None, now: datetime) -> dict[str, Any]:
    """The context of `admin/triggers/builder/form.html` for a document; `wished` says for which contact texts are shown.

    None shows them for nobody.
    """
    document = edited.document if isinstance(edited.document, dict) else {}
    form = layout(edited.document)
    example = previews.Example(document, wished, now)
    previews.show(form, example)
    faces.dress(form)
    found = places.place(form, problems)
    for card in form.cards():
        card.is_open = card.is_open or not card.key or edited.focus == f"{card.uid}:action"
    return {
        "builder": form, "found": found, "example": example, "merge_fields": partial(example.fields, form.offer),
        "focus": edited.focus, "said": edited.said,
        "kept": edited.kept, "toast": edited.is_change, "shown": json.dumps(document, ensure_ascii=False),
        "errors_count": sum(not each.warning for each in found),
        "warnings_count": sum(each.warning for each in found),
        "phrases": list(phrases(document)), "document": document,
        "firings": next_firings(document, now), "payloads": list(_payloads(document)),
    }  # fmt: skip


def phrases(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The sentence in pieces, each with the id of its card; conditions lead to theirs."""
    return [
        (text, f"only-{name[:-1]}" if name.endswith("?") else f"card-{name}" if name else "")
        for text, name in sentences.parts(document)
    ]


def _payloads(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """An example of each event that starts the workflow: label and JSON."""
    kinds: dict[str, type[EventType]] = {}
    for entry in document.get("triggers") or ():
        key = entry.get("event") if isinstance(entry, dict) else None
        if isinstance(key, str) and key in registry.events:
            kinds[key] = registry.events[key]
    return [(str(kind.label), faces.example(kind)) for kind in kinds.values()]

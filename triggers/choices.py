"""Names for settings that point at something: tags, users, workflows, pipelines. Apps register what they own.

A config field says where its values come from with `json_schema_extra={"source": "tag"}`; so does the schema that
the API tells. What is not registered here is typed in by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from triggers import functions, registry
from triggers.facts import sources as facts
from triggers.models import Credential, OutgoingEndpoint, Workflow

# As many as a person can look through; what comes later is typed in.
MOST: Final = 500
Choice = tuple[Any, str]


@dataclass(frozen=True)
class Source:
    """`load` gives values and their names; `open` where others may be typed in as well.

    `model` is the label of the model whose numbers the values are, for conditions on such numbers.
    """

    load: Callable[[], Iterable[Choice]]
    open: bool = False
    model: str = ""


sources: dict[str, Source] = {}


def register(name: str, load: Callable[[], Iterable[Choice]], *, open: bool = False, model: str = "") -> None:
    if name in sources:
        raise ValueError(f"choices “{name}” are registered twice")
    sources[name] = Source(load, open, model.lower())


def by_model(label: str) -> str:
    """The name of the source whose values are this model's numbers; empty where there is none."""
    return next((name for name, source in sources.items() if label and source.model == label.lower()), "")


def of_records(rows: Any, value: str, name: str = "") -> list[Choice]:
    """The rows of a queryset as choices: the column that is stored, and the one that is read."""
    return list(rows.values_list(value, name or value)[:MOST])


def _users(column: str) -> list[Choice]:
    rows = get_user_model()._default_manager.filter(is_active=True).order_by("username")[:MOST]
    return [(getattr(row, column), row.get_full_name() or row.get_username()) for row in rows]


def _event_fields() -> list[Choice]:
    """The dates of contacts and other records that a wait may count from."""
    return [
        (f"{namespace}.{name}", f"{source.label}: {field.label}")
        for namespace, source in facts.items()
        for name, field in {**source.fields(), **source.own_fields()}.items()
    ]


def ensure_own() -> None:
    """Registers what the engine itself knows."""
    register("username", lambda: _users("username"), open=True)
    register("assignee", lambda: [("owner", _("The contact's owner")), *_users("username")], open=True)
    register("user", lambda: _users("pk"), model="auth.user")
    register("group", lambda: of_records(Group.objects.order_by("name"), "name"), open=True)
    register("workflow", lambda: of_records(Workflow.objects.exclude(status="archived").order_by("name"), "slug", "name"),
             open=True)  # fmt: skip
    register("endpoint", lambda: of_records(OutgoingEndpoint.objects.order_by("name"), "slug", "name"), open=True)
    register("credential", lambda: of_records(Credential.objects.order_by("name"), "slug", "name"), open=True)
    register("function", lambda: [(name, name) for name in sorted(functions.functions)], open=True)
    register("weekday", lambda: [(number + 1, str(name)) for number, name in WEEKDAYS.items()])
    register("field", _event_fields, open=True)
    register("event", lambda: [(key, str(kind.label)) for key, kind in registry.events.items()], open=True)

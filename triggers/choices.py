"""Names for settings that point at something: tags, users, workflows, pipelines. Apps register what they own.

A source is registered with the names that settings of its kind go by: `tags`, `pipeline`. A field that goes by another
says where its values come from with `json_schema_extra={"source": "tag"}`. What has no source is typed in by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import available_timezones

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from triggers import registry
from triggers.models import Credential, OutgoingEndpoint, Workflow

# As many as a person can look through; what comes later is typed in.
MOST: Final = 700
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
# The source of a setting by the setting's name.
by_field: dict[str, str] = {}


def register(
    name: str, load: Callable[[], Iterable[Choice]], *fields: str, open: bool = False, model: str = ""
) -> None:  # fmt: skip
    """Makes a source known, and the names of the settings whose values it has."""
    sources[name] = Source(load, open, model.lower())
    by_field.update(dict.fromkeys(fields, name))


def by_model(label: str) -> str:
    """The name of the source whose values are this model's numbers; empty where there is none."""
    return next((name for name, source in sources.items() if label and source.model == label.lower()), "")


def of_records(rows: Any, value: str, name: str = "") -> list[Choice]:
    """The rows of a queryset as choices: the column that is stored, and the one that is read."""
    return list(rows.values_list(value, name or value)[:MOST])


def _users(column: str) -> list[Choice]:
    rows = get_user_model()._default_manager.filter(is_active=True).order_by("username")[:MOST]
    return [(getattr(row, column), row.get_full_name() or row.get_username()) for row in rows]


def ensure_own() -> None:
    """Registers what the engine itself knows."""
    register("username", lambda: _users("username"), "user", "users", "usernames", "notify", open=True)
    register("assignee", lambda: [("owner", _("The contact's owner")), *_users("username")], "assignee", open=True)
    register("user", lambda: _users("pk"), model="auth.user")
    register("group", lambda: of_records(Group.objects.order_by("name"), "name"), "group", open=True)
    register("workflow", _workflows, "workflow", "otherwise", open=True)
    endpoints = OutgoingEndpoint.objects.order_by("name")
    register("endpoint", lambda: of_records(endpoints.all(), "slug", "name"), "endpoint", open=True)
    credentials = Credential.objects.order_by("name")
    register("credential", lambda: of_records(credentials.all(), "slug", "name"), "credential", open=True)
    register("weekday", lambda: [(number + 1, str(name)) for number, name in WEEKDAYS.items()], "weekdays")
    register("event", _events, "event", open=True)
    register("zone", _zones, open=True)


def _workflows() -> list[Choice]:
    return of_records(Workflow.objects.exclude(status="archived").order_by("name"), "slug", "name")


def _events() -> list[Choice]:
    """The events that may happen to a contact: what a run can wait for."""
    kinds = [kind for kind in registry.events.values() if "contact_id" in kind.model_fields]
    return sorted(((kind.key, str(kind.label)) for kind in kinds), key=lambda choice: choice[1])


def _zones() -> list[Choice]:
    ours = [("account", _("The organisation's")), ("contact", _("The contact's, where it has one"))]
    return [*ours, *((name, name) for name in sorted(available_timezones()) if "/" in name)]

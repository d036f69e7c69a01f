"""Every kind of event, action and fact, by key. Found by walking each app's drawers at start."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from triggers.action_types import Action
    from triggers.event_types import EventType
    from triggers.facts import Facts

T = TypeVar("T")

events: dict[str, type["EventType"]] = {}
actions: dict[str, type["Action"]] = {}
facts: dict[str, "Facts"] = {}


class UnknownKind(LookupError):
    """A stored key whose code is gone. The message names the key."""


def event_type(key: str) -> type["EventType"]:
    return _find(events, key, "event type")


def action_type(key: str) -> type["Action"]:
    return _find(actions, key, "action type")


def register(kinds: dict[str, type[T]], key: str, kind: type[T]) -> None:
    """Adds a kind; refuses a duplicate key, or a file or class whose name does not follow from the key."""
    class_name, module = kind.__name__, kind.__module__
    stem = key.replace(".", "_")
    camel = "".join(word.capitalize() for word in stem.split("_"))
    if key in kinds:
        raise ImproperlyConfigured(f"{key} is declared twice: {kinds[key]} and {module}.{class_name}")
    if class_name != camel:
        raise ImproperlyConfigured(f"{module}.{class_name}: the class of {key} is to be named {camel}")
    if not module.endswith(f".{stem}"):
        raise ImproperlyConfigured(f"{module}: {key} is to live in a file named {stem}.py")
    kinds[key] = kind


def discover() -> None:
    """Imports `facts` and every module in the `events` and `actions` drawers of all installed apps."""
    for config in apps.get_app_configs():
        for drawer in ("events", "actions"):
            for module in _modules(f"{config.name}.{drawer}"):
                importlib.import_module(module)
        if config.name != "triggers" and importlib.util.find_spec(f"{config.name}.facts"):
            importlib.import_module(f"{config.name}.facts")


def _modules(package: str) -> Iterator[str]:
    spec = importlib.util.find_spec(package)
    for found in pkgutil.iter_modules((spec and spec.submodule_search_locations) or []):
        yield f"{package}.{found.name}"


def _find(kinds: dict[str, T], key: str, what: str) -> T:
    try:
        return kinds[key]
    except KeyError:
        raise UnknownKind(f"There is no {what} “{key}”.") from None

"""Every kind of event, action and fact, by key. Found by walking each app's drawers at start."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator

from django.apps import apps

from triggers.action_types import actions
from triggers.event_types import events
from triggers.facts import sources as facts
from triggers.kinds import UnknownKind

__all__ = ["UnknownKind", "actions", "discover", "events", "facts"]


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

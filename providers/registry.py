"""Finds every provider: each folder with a `provider.py` is one."""

import importlib
import importlib.util
import pkgutil

import providers
from providers import frame


def discover() -> None:
    """Imports `providers/<folder>/provider.py` of every folder that has one."""
    for found in pkgutil.iter_modules(providers.__path__):
        name = f"providers.{found.name}.provider"
        if found.ispkg and importlib.util.find_spec(name):
            importlib.import_module(name)
    for each in frame.providers.values():
        each.register()

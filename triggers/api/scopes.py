"""The scopes there are: those that the addresses served here ask for."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from triggers.api.keys import scope_of


def known_scopes() -> list[str]:
    """Every scope some address asks for, sorted: `contacts:read`, `workflows:publish`, …"""
    return sorted({scope for view in _views(get_resolver().url_patterns) for scope in _scopes(view)})


def _views(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "cls"):
            yield pattern.callback


def _scopes(callback: Any) -> Iterator[str]:
    view = callback.cls(**callback.initkwargs)
    for method in getattr(callback, "actions", None) or view.allowed_methods:
        scope = scope_of(view, method.upper())
        if scope:
            yield scope

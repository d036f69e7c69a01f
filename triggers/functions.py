"""Python functions that workflows may call by name, registered by the installation's own code."""

from collections.abc import Callable
from typing import Any, TypeVar

C = TypeVar("C", bound=Callable[..., Any])

functions: dict[str, Callable[..., Any]] = {}


def function(name: str) -> Callable[[C], C]:
    """Registers a function for `code.call`. It gets the RunContext and keyword arguments, and returns JSON.

    It runs inside the run's transaction and may be called again when that fails: it touches the database only.
    """

    def add(called: C) -> C:
        if name in functions:
            raise ValueError(f"function “{name}” is registered twice")
        functions[name] = called
        return called

    return add

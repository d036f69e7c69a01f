"""What the registries of event and action types have in common: kinds by key, and where each must live."""

from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")


class UnknownKind(LookupError):
    """A stored key whose code is gone. The message names the key."""


class Kinds(dict[str, type[T]]):
    """The kinds of one sort, by key. `what` is what a person calls one of them."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def find(self, key: str) -> type[T]:
        """The kind; raises UnknownKind."""
        try:
            return self[key]
        except KeyError:
            raise UnknownKind(f"There is no {self.what} “{key}”.") from None

    def register(self, key: str, kind: type[T]) -> None:
        """Adds a kind; refuses a duplicate key, or a file or class whose name does not follow from the key."""
        class_name, module = kind.__name__, kind.__module__
        stem = key.replace(".", "_")
        camel = "".join(word.capitalize() for word in stem.split("_"))
        if key in self:
            raise ImproperlyConfigured(f"{key} is declared twice: {self[key]} and {module}.{class_name}")
        if class_name != camel:
            raise ImproperlyConfigured(f"{module}.{class_name}: the class of {key} is to be named {camel}")
        if not module.endswith(f".{stem}"):
            raise ImproperlyConfigured(f"{module}: {key} is to live in a file named {stem}.py")
        self[key] = kind

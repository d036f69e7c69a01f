"""What conditions and messages may ask about an app's objects: declared fields, one bulk loader each."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar

from django.db.models import Q

from triggers.conditions.fields import Field

F = TypeVar("F", bound="type[Facts]")


class Facts:
    """A namespace such as `contact`: subclass it in `<app>/facts.py` and register it with `@facts`.

    `label` is what staff read; `column` paths of the fields are relative to the model that `load` reads.
    """

    namespace: ClassVar[str]
    label: ClassVar[Any]
    # the namespace whose objects it tells more of, such as contact; empty where it has objects of its own
    of: ClassVar[str] = ""

    def fields(self) -> Mapping[str, Field]:
        """The fields by their name within the namespace."""
        raise NotImplementedError

    def own_fields(self) -> Mapping[str, Field]:
        """The fields this installation's staff defined, by name, as they are now; beside those of `fields`."""
        return {}

    def lookup(self) -> Callable[[str], Field | None]:
        """Finds fields by name. The installation's own are read once, when first asked for: take a new one per batch."""
        return looked_up(self.fields, self.own_fields)

    def field(self, name: str) -> Field | None:
        """The field of this name, as it is now."""
        return self.lookup()(name)

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """The values of all fields for each id that exists, in a constant number of queries."""
        raise NotImplementedError

    def existing(self, ids: Collection[int]) -> set[int]:
        """Which of these objects there are."""
        return set(self.load(ids))

    def current(self, key: int) -> int | None:
        """The object that goes by this number now, as its own or as a former one; None where there is none."""
        return key if self.existing({key}) else None

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        """Ids greater than `after` of the rows that a sieve lets through, in order; for scans over all."""
        raise NotImplementedError

    def count(self, rough: Q) -> int:
        """How many rows a sieve lets through."""
        raise NotImplementedError

    def holding(self, name: str, values: Collection[str]) -> Q | None:
        """Filters the rows whose set of this name holds one of the values; None where the database cannot tell."""
        return None

    def id_of(self, data: Mapping[str, Any], contact_id: int | None) -> int | None:
        """Which object of this namespace an event with this payload is about; None when it is about none."""
        found = data.get(f"{self.namespace}_id")
        return found if isinstance(found, int) else None


class More(Facts):
    """A namespace that tells more of the objects of another, named by `of`: `community` of a contact's groups."""

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        return self.more(self.existing(ids))

    def more(self, known: set[int]) -> dict[int, dict[str, Any]]:
        """The values of all fields for each of these objects, which exist, in a constant number of queries."""
        raise NotImplementedError

    def existing(self, ids: Collection[int]) -> set[int]:
        return sources[self.of].existing(ids)

    def id_of(self, data: Mapping[str, Any], contact_id: int | None) -> int | None:
        return sources[self.of].id_of(data, contact_id)


class Loading:
    """Loads facts of several namespaces: which objects there are is asked once for those that tell of the same."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, bool]] = {}

    def load(self, namespace: str, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        """The values of all fields of the namespace for each id that exists."""
        source = sources[namespace]
        if isinstance(source, More):
            return source.more(self._existing(source.of, ids))
        found = source.load(ids)
        self._known.setdefault(namespace, {}).update({each: each in found for each in ids})
        return found

    def _existing(self, namespace: str, ids: Collection[int]) -> set[int]:
        known = self._known.setdefault(namespace, {})
        unasked = {each for each in ids if each not in known}
        if unasked:
            there = sources[namespace].existing(unasked)
            known |= {each: each in there for each in unasked}
        return {each for each in ids if known[each]}


sources: dict[str, Facts] = {}

Read = Callable[[], Mapping[str, Field]]


def looked_up(declared: Read, own: Read) -> Callable[[str], Field | None]:
    """A look-up that asks `declared` first and `own` only for what is not there, each at most once.

    Names of the installation's own fields hold a full stop, such as `custom_fields.size`.
    """
    first, second = cache(declared), cache(own)

    def find(name: str) -> Field | None:
        found = first().get(name)
        return second().get(name) if found is None and "." in name else found

    return find


def facts(namespace: str, *, label: Any) -> Callable[[F], F]:
    """Registers a `Facts` subclass under its namespace."""

    def add(cls: F) -> F:
        cls.namespace, cls.label = namespace, label
        if namespace in sources:
            raise ValueError(f"facts “{namespace}” are declared twice")
        sources[namespace] = cls()
        return cls

    return add

"""A shelf of facts for a batch of runs: the first look at a namespace loads it for all of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from triggers.facts import Loading, sources
from triggers.models.organisation import Organisation
from triggers.models.run import Run

Values = dict[str, Any]

# Before the namespace, among a run's variables: the object it found or made, and goes on with.
ADOPTED: Final = "#"


class Shelf:
    """Values by namespace and id, fresh as of the first look; what an action may have changed is taken off."""

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self._wanted: dict[str, set[int]] = defaultdict(set)
        self._loaded: dict[tuple[str, int], Values] = {}
        self._loading = Loading()
        for run in runs:
            for namespace, key in objects_of(run):
                self._wanted[namespace].add(key)

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.get()

    def read(self, namespace: str, key: int) -> Values:
        """The object's values; empty when it does not exist."""
        if (namespace, key) not in self._loaded:
            missing = {each for each in self._wanted[namespace] if (namespace, each) not in self._loaded} | {key}
            found = self._loading.load(namespace, missing)
            self._loaded |= {(namespace, each): found.get(each, {}) for each in missing}
        return self._loaded[namespace, key]

    def drop(self, run: Run) -> None:
        """Takes the run's objects off, and loads each anew, by itself, when it is next asked for."""
        self._loading = Loading()
        for namespace, key in objects_of(run):
            self._loaded.pop((namespace, key), None)
            self._wanted[namespace].discard(key)


def objects_of(run: Run) -> Iterator[tuple[str, int]]:
    """Namespace and id of everything the run is about: its event's objects or those it adopted, and its own contact."""
    adopted = {f"{name[1:]}_id": key for name, key in run.vars.items() if name.startswith(ADOPTED)}
    data: Mapping[str, Any] = {**run.event.data, **adopted, "contact_id": run.contact_id}
    for namespace, source in sources.items():
        key = source.id_of(data, run.contact_id)
        if key is not None:
            yield namespace, key

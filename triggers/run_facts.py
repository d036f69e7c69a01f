"""What a run's conditions and messages may name, each namespace put together when something first asks for it.

A text that names nobody loads nobody: most actions ask for one namespace, many for none.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from triggers import evidence
from triggers.evidence import Facts
from triggers.models.run import Run
from triggers.shelf import ADOPTED, Shelf, objects_of


class RunFacts(Mapping[str, Any]):
    """For conditions, by dotted name: `event.…`, the objects it is about, `organisation.…`, `run.…`, `vars.…`,
    `actions.…`."""

    def __init__(self, run: Run, shelf: Shelf) -> None:
        self.run, self.shelf = run, shelf
        self.objects = dict(objects_of(run))
        self._parts: dict[str, Facts] = {}

    def __getitem__(self, name: str) -> Any:
        return self.part(name.partition(".")[0])[name]

    def __iter__(self) -> Iterator[str]:
        for namespace in ("event", *self.objects, "organisation", "run", "vars", "actions"):
            yield from self.part(namespace)

    def __len__(self) -> int:
        return sum(1 for _name in self)

    def part(self, namespace: str) -> Facts:
        """The facts of one namespace, fresh as of the first look; empty where the run has none."""
        if namespace not in self._parts:
            self._parts[namespace] = self._built(namespace)
        return self._parts[namespace]

    def _built(self, namespace: str) -> Facts:
        if namespace == "event":
            return evidence.event_facts(self.run.event)
        if namespace in self.objects:
            values = self.shelf.read(namespace, self.objects[namespace])
            return {f"{namespace}.{name}": value for name, value in values.items()}
        facts: Facts = {}
        for name, value in self.own(namespace).items():
            evidence.flatten(f"{namespace}.{name}", value, facts)
        return facts

    def own(self, namespace: str) -> dict[str, Any]:
        """What the run itself brings: its variables, the results of its actions, who sends; empty for others."""
        if namespace == "vars":
            return {name: value for name, value in self.run.vars.items() if not name.startswith(("@", ADOPTED))}
        if namespace == "actions":
            return {name[1:]: value for name, value in self.run.vars.items() if name.startswith("@")}
        if namespace == "run":
            return {"id": self.run.pk}
        if namespace == "organisation":
            ours = self.shelf.organisation
            return {"name": ours.name, "postal_address": ours.postal_address}
        return {}


class Roots(dict[str, Any]):
    """For messages, the same as nested values by root: lists and objects whole, a change as its new value."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, root: str) -> Any:
        built: Any
        if root == "event":
            built = evidence.event_values(self._facts.run.event)
        elif root in self._facts.objects:
            built = evidence.nested(self._facts.part(root)).get(root)
        else:
            built = self._facts.own(root)
        if not built:
            raise KeyError(root)
        self[root] = built
        return built

"""What an action is given: its run, the facts it may read, and the key it must send."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from triggers import evidence, text
from triggers.action_types import actions
from triggers.conditions.fields import Field, Kind, Lookup
from triggers.conditions.judge import Verdict, judge
from triggers.conditions.tree import compile_tree
from triggers.event_types import events
from triggers.facts import sources
from triggers.models.event import Event
from triggers.models.run import Listener, Run
from triggers.run_facts import Roots, RunFacts
from triggers.shelf import ADOPTED, Shelf, objects_of
from triggers.workflows.document import Document, Node

_ZONES = available_timezones()


class Gone(Exception):
    """What the action works on exists no more; the message says what."""


class RunContext:
    """One action of one run, at one moment. `dry` is True where nothing may be written or sent."""

    def __init__(
        self,
        run: Run,
        event: Event,
        doc: Document,
        node: Node,
        key: UUID,
        now: datetime,
        *,
        dry: bool = False,
        shelf: Shelf | None = None,
    ) -> None:
        self.run, self.event, self.document, self.node = run, event, doc, node
        self.key, self.now, self.dry = key, now, dry
        self.shelf = shelf or Shelf()
        # what an outside action sent and received, for its Attempt
        self.request: dict[str, Any] = {}
        self.response: str = ""
        self.status_code: int | None = None

    @property
    def contact_id(self) -> int | None:
        """The run's contact: the event's, or one created or found earlier in the run."""
        return self.run.contact_id

    def require_contact(self) -> int:
        """The contact's id; raises Gone where the run has no contact."""
        if self.contact_id is None:
            raise Gone(_("This run has no contact. Find or create one earlier in the workflow."))
        return self.contact_id

    def adopt_contact(self, contact_id: int) -> None:
        """From here on the run is about this contact."""
        self.run.contact_id = contact_id
        if not self.dry:
            Listener.objects.filter(run=self.run, contact_id=None).update(contact_id=contact_id)
        self.forget_facts()

    def adopt(self, namespace: str, key: int) -> None:
        """From here on the run is about this object: its facts are at hand, and its app's actions work on it."""
        self.set_var(f"{ADOPTED}{namespace}", key)

    def object_id(self, namespace: str) -> int | None:
        """The object of this namespace that the run is about: adopted, or its event's; None where there is none."""
        return dict(objects_of(self.run)).get(namespace)

    def set_var(self, name: str, value: Any) -> None:
        self.run.vars = {**self.run.vars, name: value}
        self.forget_facts()

    @cached_property
    def facts(self) -> RunFacts:
        """Everything conditions may name, fresh, by dotted name."""
        return RunFacts(self.run, self.shelf)

    def forget_facts(self) -> None:
        """The facts are put together anew when next asked for."""
        self.__dict__.pop("facts", None)

    @property
    def values(self) -> dict[str, Any]:
        """The facts as nested values, for messages."""
        return Roots(self.facts)

    @property
    def zone(self) -> ZoneInfo:
        """The workflow's time zone; the contact's own where it asks for that and the contact has one."""
        own = self.facts.get("contact.time_zone")
        return self.document.zone(own if own in _ZONES else None, self.shelf.organisation)

    def render(self, source: str, *, html: bool = False) -> str:
        """A message text with its merge fields filled in. Raises `text.TextError`."""
        return text.render(source, self.values, html=html)

    def render_line(self, source: str) -> str:
        return text.render_line(source, self.values)

    def render_json(self, tree: Any) -> Any:
        return text.render_json(tree, self.values)

    def judge(self, tree: Mapping[str, Any] | None) -> Verdict:
        """The verdict of a condition tree of the workflow on this run, now."""
        node = compile_tree(tree, run_lookup(self.document))
        return judge(node, self.facts, self.now, self.zone)


def run_lookup(doc: Document) -> Lookup:
    """The fields that conditions within a run may name: those of its triggers' events, and the run's own."""
    kinds = [events[entry.event] for entry in doc.triggers if entry.event in events]
    of_events = evidence.lookup(*kinds)
    contact = sources["contact"].lookup() if "contact" in sources else None
    adopting = {name for node in doc.nodes.values() if node.action in actions for name in actions[node.action].adopts}
    adopted = {name: sources[name].lookup() for name in adopting if name in sources}

    def find(name: str) -> Any:
        namespace, _dot, rest = name.partition(".")
        if namespace in ("vars", "actions") and rest:
            return Field(Kind.ANY, rest)
        if namespace == "contact" and contact is not None:
            return contact(rest)
        if namespace in adopted:
            return adopted[namespace](rest)
        if name in ("organisation.name", "organisation.postal_address", "run.id"):
            return Field(Kind.TEXT, name)
        return of_events(name)

    return find

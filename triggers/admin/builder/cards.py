"""A workflow document laid out as cards. Takes any JSON: what is no card is shown as JSON within one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from triggers import registry
from triggers.admin.builder import offers
from triggers.admin.builder.conditions import Builder, Group, Offer
from triggers.admin.builder.controls import Fields, Names, fields
from triggers.admin.builder.finding import FORMS
from triggers.admin.builder.values import as_json
from triggers.problems import Path
from triggers.wording.words import action_label
from triggers.workflows.checking import UID
from triggers.workflows.document import Settings

PARTS: Final = ("triggers", "exits", "actions", "settings")
ENTRY: Final = ("uid", "event", "config", "conditions")
NODE: Final = ("uid", "action", "config", "only_if", "on_error", "off", "name", "outcomes")
# Names that no uid can have.
WHOLE: Final = "~document"
LIMITS: Final = "~settings"
MAX_DEPTH: Final = 16


@dataclass
class Arm:
    """One way out of a card: `sort` is case, else or outcome; `name` what its marks and buttons call it."""

    sort: str
    name: str
    path: Path
    called: str = ""
    title: str = ""
    had: str = ""
    extra: str = ""
    weight: str = ""
    condition: Group | None = None
    cards: list["Card"] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Card:
    """A trigger, an exit or an action. `raw` is its JSON where it has no shape that controls could show."""

    sort: str
    uid: str
    path: Path
    key: str = ""
    raw: str = ""
    had: str = ""
    extra: str = ""
    name: str = ""
    on_error: str = ""
    off: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)
    raw_config: str = ""
    fields: Fields | None = None
    condition: Group | None = None
    waits_for: Group | None = None
    arms: list[Arm] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    title: str = ""
    summary: str = ""
    icon: str = ""
    help: str = ""
    example: str = ""
    is_open: bool = False
    first_error: str = ""

    @property
    def id(self) -> str:
        return f"card-{self.uid}"

    @property
    def is_filled(self) -> bool:
        """Whether actions stand in its ways out, which another type would not have."""
        return any(arm.cards for arm in self.arms)

    @property
    def type_label(self) -> str:
        return action_label(self.key)


@dataclass
class Form:
    """The whole document: cards of triggers, exits and actions, the limits, and what has no card."""

    document: Mapping[str, Any]
    had: str
    extra: str
    triggers: list[Card]
    exits: list[Card]
    actions: list[Card]
    limits: Fields
    names: Names
    # what actions may ask, by what it is about
    offer: Offer

    def cards(self) -> Iterator[Card]:
        """Every card, in the order of the page."""
        yield from self.triggers
        yield from _all(self.actions)
        yield from self.exits


def layout(document: Any) -> Form:
    """The document's cards. Actions without a proper name get one: every card is called by its own."""
    source = document if isinstance(document, dict) else {}
    laying = _Laying(source)
    shaped = {part for part in PARTS if isinstance(source.get(part), dict if part == "settings" else list)}
    extra = {key: value for key, value in source.items() if key not in shaped}
    if not isinstance(document, dict) and document is not None:
        extra = {"document": document}
    settings = source["settings"] if "settings" in shaped else {}
    return Form(
        source, " ".join(part for part in PARTS if part in shaped), as_json(extra, indent=2) if extra else "",
        laying.entries("triggers", shaped), laying.entries("exits", shaped),
        laying.actions(source["actions"] if "actions" in shaped else [], ("actions",), 0),
        fields(Settings, settings, LIMITS, ("settings",), laying.names), laying.names, laying.offer,
    )  # fmt: skip


class _Laying:
    """One layout; remembers the names given out, and looks fields and choices up once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document, self.names = document, Names()
        self.uids: set[str] = set()
        self.offer, find = offers.within_run(document)
        self.in_run = Builder(self.offer, find, self.names)

    def entries(self, part: str, shaped: set[str]) -> list[Card]:
        sort = part.removesuffix("s")
        return [
            self.entry(sort, item, (part, index)) for index, item in enumerate(self.document[part])
        ] if part in shaped else []  # fmt: skip

    def entry(self, sort: str, item: Any, path: Path) -> Card:
        card = Card(sort, self.uid(item, sort[0]), path)
        if not isinstance(item, dict) or not isinstance(item.get("event", ""), str):
            card.raw = as_json(item, indent=2)
            return card
        card.key = item.get("event", "")
        kind = registry.events.get(card.key)
        self.config(card, item, kind.Options if kind else None, ENTRY)
        card.condition = self.of_event(
            card.key, item.get("conditions"), f"{card.uid}~conditions", (*path, "conditions")
        )
        return card

    def actions(self, nodes: list[Any], path: Path, depth: int) -> list[Card]:
        return [self.action(node, (*path, index), depth) for index, node in enumerate(nodes)]

    def action(self, node: Any, path: Path, depth: int) -> Card:
        card = Card("action", self.uid(node, "a"), path)
        form = next((form for form in FORMS if isinstance(node, dict) and form in node), "")
        if depth > MAX_DEPTH or not _is_shaped(node, form):
            card.raw = as_json(node, indent=2)
            return card
        card.key, card.name, card.on_error = (
            form or node.get("action", ""),
            node.get("name", ""),
            node.get("on_error", ""),
        )
        card.off = node.get("off", False)
        kind = None if form else registry.actions.get(card.key)
        known = (*(key for key in NODE if not form or key not in ("action", "config", "outcomes")), form, *_else(form))
        self.config(card, node, kind, known)
        if kind is not None and "conditions" in kind.model_fields and "event" in kind.model_fields:
            here = (*path, "config", "conditions")
            card.waits_for = self.of_event(
                card.config.get("event"), card.config.get("conditions"), f"{card.uid}~config", here
            )
        card.condition = self.in_run.group(node.get("only_if"), f"{card.uid}~only_if", (*path, "only_if"))
        card.arms = list(self.arms(card, node, form, kind.outcomes if kind else (), depth))
        return card

    def config(self, card: Card, item: dict[str, Any], model: Any, known: tuple[str, ...]) -> None:
        """What entries and actions have in common: which keys were written, their config, and what has no control."""
        card.had = " ".join(key for key in known if key in item and key != "uid")
        extra = {key: value for key, value in item.items() if key not in known}
        card.extra = as_json(extra, indent=2) if extra else ""
        config = item.get("config", {})
        if model is None or not isinstance(config, dict):
            card.raw_config = as_json(config, indent=2) if config != {} else ""
            return
        card.config = config
        card.fields = fields(model, config, card.uid, (*card.path, "config"), self.names)

    def arms(self, card: Card, node: dict[str, Any], form: str, outcomes: tuple[str, ...], depth: int) -> Iterator[Arm]:
        for index, case in enumerate(node.get(form, []) if form else ()):
            yield self.case(case, form, (*card.path, form, index), depth)
        if form == "branch":
            arm = Arm("else", card.uid, (*card.path, "else"))
            arm.cards = self.actions(node.get("else", []), arm.path, depth + 1)
            yield arm
        given = node.get("outcomes", {}) if not form else {}
        for name in dict.fromkeys((*outcomes, *given)):
            arm = Arm("outcome", f"{card.uid}/{name}", (*card.path, "outcomes", name), called=name)
            arm.had = name if name in given else ""
            arm.cards = self.actions(given.get(name, []), arm.path, depth + 1)
            yield arm

    def case(self, case: dict[str, Any], form: str, path: Path, depth: int) -> Arm:
        known = ("uid", "name", "then", "if" if form == "branch" else "weight")
        arm = Arm("case", self.uid(case, "c"), path, called=case.get("name", ""))
        arm.had = " ".join(key for key in known if key in case and key != "uid")
        extra = {key: value for key, value in case.items() if key not in known}
        arm.extra = as_json(extra, indent=2) if extra else ""
        if form == "branch":
            arm.condition = self.in_run.group(case.get("if"), f"{arm.name}~if", (*path, "if"))
        else:
            arm.weight = as_json(case.get("weight", ""))
        arm.cards = self.actions(case.get("then", []), (*path, "then"), depth + 1)
        return arm

    def of_event(self, key: Any, tree: Any, slot: str, path: Path) -> Group:
        offer, find = offers.of_event(key)
        return Builder(offer, find, self.names).group(tree, slot, path)

    def uid(self, item: Any, letter: str) -> str:
        """The item's own name; a free one where it has none, or one that is taken or cannot be."""
        given = item.get("uid") if isinstance(item, dict) else None
        found = given if isinstance(given, str) and UID.fullmatch(given) and given != "else" else ""
        if not found or found in self.uids:
            found = free_uid(self.uids | names_in(self.document), letter)
        self.uids.add(found)
        return found


def free_uid(taken: set[str], letter: str) -> str:
    """The first of a1, a2, … that nothing is called yet."""
    return next(name for n in range(1, len(taken) + 2) if (name := f"{letter}{n}") not in taken)


def names_in(value: Any, depth: int = 0) -> set[str]:
    """Every uid anywhere in a document."""
    if isinstance(value, dict) and depth < 60:
        own = {value["uid"]} if isinstance(value.get("uid"), str) else set()
        return own.union(*(names_in(child, depth + 1) for child in value.values()))
    if isinstance(value, list) and depth < 60:
        return set().union(*(names_in(child, depth + 1) for child in value))
    return set()


def _all(cards: list[Card]) -> Iterator[Card]:
    for card in cards:
        yield card
        for arm in card.arms:
            yield from _all(arm.cards)


def _else(form: str) -> tuple[str, ...]:
    return ("else",) if form == "branch" else ()


def _is_shaped(node: Any, form: str) -> bool:
    """Whether an action has the shape that a card has."""
    if not isinstance(node, dict) or len([each for each in ("action", *FORMS) if each in node]) > 1:
        return False
    texts = ("action", "name", "on_error")
    if any(key in node and not isinstance(node[key], str) for key in texts):
        return False
    if not isinstance(node.get("off", False), bool):
        return False
    lists = [node.get("else", [])]
    if form:
        cases = node[form]
        if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
            return False
        if any(not isinstance(case.get("name", ""), str) for case in cases):
            return False
        lists += [case.get("then", []) for case in cases]
    outcomes = {} if form else node.get("outcomes", {})
    if not isinstance(outcomes, dict) or any(not UID.fullmatch(str(name)) for name in outcomes):
        return False
    return all(isinstance(each, list) for each in [*lists, *outcomes.values()])

"""A condition tree laid out as groups of rows, two levels deep. What has no place in this is one row of JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triggers import choices
from triggers.admin.builder.controls import Names, Option
from triggers.admin.builder.trees import OTHER, read_row, shape_of, tree_of
from triggers.admin.builder.values import Post, as_json, as_text, same, scalar
from triggers.conditions.fields import OPERATORS, Field, Kind, Lookup, Operator, operators
from triggers.problems import Path

MODES: Final = {
    "all": gettext_lazy("All of these are true"),
    "any": gettext_lazy("At least one of these is true"),
    "none": gettext_lazy("None of these is true"),
    "not_all": gettext_lazy("Not all of these are true"),
}
UNITS: Final = (
    ("days", gettext_lazy("days")),
    ("hours", gettext_lazy("hours")),
    ("minutes", gettext_lazy("minutes")),
)
LEVELS: Final = 2

# The fields to choose from: the name of each group, and its fields by dotted name.
Offer = list[tuple[str, dict[str, Field]]]


@dataclass
class Input:
    """One input of a row's value: a text, or a select where the choices are known."""

    name: str
    value: str
    label: str
    sort: str = "text"
    options: list[Option] = field(default_factory=list)
    mode: str = "text"


@dataclass
class Row:
    """One comparison; `raw` holds its JSON where no inputs can say it."""

    id: str
    path: Path
    leaf: Any
    asked: Field | None = None
    raw: str = ""
    fields: list[tuple[str, list[Option]]] = field(default_factory=list)
    other: str = ""
    is_other: bool = False
    operators: list[Option] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    items: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_group: bool = False


@dataclass
class Group:
    """Rows that count together; a group within it has only rows."""

    id: str
    path: Path
    mode: str = "all"
    lone: bool = False
    level: int = 1
    rows: list["Row | Group"] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_group: bool = True

    @property
    def modes(self) -> list[Option]:
        return [Option(mode, str(label), mode == self.mode) for mode, label in MODES.items()]


@dataclass(frozen=True)
class Builder:
    """Lays trees out for one place: the fields there are, and where the names of records come from."""

    offer: Offer
    find: Lookup
    names: Names

    def group(self, tree: Any, slot: str, path: Path) -> Group:
        """The whole tree as a group; no condition is a group without rows."""
        if tree is None:
            return Group(slot, path)
        made = self._group(tree, slot, path, 1)
        if made is None or not same(_written(made), tree):
            return Group(slot, path, "all", True, rows=[self._row(tree, f"{slot}-0", path)])
        return made

    def _group(self, tree: Any, name: str, path: Path, level: int) -> Group | None:
        shape = shape_of(tree)
        if shape is None:
            return None
        mode, inner, below, lone = shape
        made = Group(name, path, mode, lone, level)
        for index, child in enumerate(inner):
            here = (*path, *below) if lone else (*path, *below, index)
            made.rows.append(self._child(child, f"{name}-{index}", here, level))
        return made

    def _child(self, tree: Any, name: str, path: Path, level: int) -> "Row | Group":
        if level < LEVELS and isinstance(tree, dict) and "field" not in tree:
            nested = self._group(tree, name, path, level + 1)
            if nested is not None:
                return nested
        return self._row(tree, name, path)

    def _row(self, leaf: Any, name: str, path: Path) -> Row:
        made = Row(name, path, leaf)
        if not isinstance(leaf, dict) or not isinstance(leaf.get("field"), str):
            made.raw = as_json(leaf, indent=2)
            return made
        self._fill(made, leaf)
        data: MultiValueDict[str, str] = MultiValueDict()
        for posted, value in row_posts(made):
            data.appendlist(posted, value)
        if not same(read_row(name, data), leaf):
            made.raw = as_json(leaf, indent=2)
        return made

    def _fill(self, row: Row, leaf: Mapping[str, Any]) -> None:
        name, op = leaf["field"], str(leaf.get("op") or "")
        known = any(name in fields for _label, fields in self.offer)
        row.asked = self.find(name) if name and name != OTHER else None
        row.is_other = bool(name) and not known
        row.other = "" if name == OTHER else name
        row.fields = [
            (label, [Option(key, str(each.label), key == name) for key, each in fields.items()])
            for label, fields in self.offer
        ]
        row.operators = _operators(row.asked, op) if name else []
        self._value(row, op, leaf.get("value", ""))

    def _value(self, row: Row, op: str, value: Any) -> None:
        shape = OPERATORS[op].operand if op in OPERATORS else "one"
        if not row.operators or shape == "none":
            return
        if shape == "one":
            row.inputs = [self._input(row, op, "value", value, _("Value"))]
        elif shape == "many":
            self._many(row, op, value)
        elif shape == "two":
            row.inputs = list(self._two(row, op, value))
        else:
            row.inputs = _duration(row, value)

    def _two(self, row: Row, op: str, value: Any) -> list[Input]:
        pair, shape = [None, None], "list"
        if isinstance(value, list) and len(value) == 2:
            pair = value
        elif isinstance(value, dict) and value.keys() == {"from", "to"}:
            pair, shape = [value["from"], value["to"]], "object"
        low, high = (self._input(row, op, part, item, label)
                     for part, item, label in zip(("from", "to"), pair, (_("From"), _("To")), strict=True))  # fmt: skip
        return [low, high, Input(f"{row.id}.shape", shape, "", sort="hidden")]

    def _many(self, row: Row, op: str, value: Any) -> None:
        items = value if isinstance(value, list) else []
        named = dict(self._choices(row.asked, op))
        for item in items:
            posted, text = scalar(f"{row.id}.value", item, number=_is_number(row.asked))
            row.items.append(Option(text, named.get(text, text), True, posted))
        chosen = {item.value for item in row.items}
        offered = [Option(key, label) for key, label in named.items() if key not in chosen]
        posted, _text = scalar(f"{row.id}.value", None, number=_is_number(row.asked))
        row.inputs = [Input(posted, "", _("Add a value"), "select" if offered else "text", offered)]

    def _input(self, row: Row, op: str, part: str, value: Any, label: str) -> Input:
        limited = bool(OPERATORS[op].choices) if op in OPERATORS else False
        number = _is_number(row.asked) or limited or op == "day_is"
        yesno = row.asked is not None and row.asked.kind is Kind.YESNO
        posted, text = scalar(f"{row.id}.{part}", value, number=number or yesno)
        named = self._choices(row.asked, op)
        made = Input(posted, text, label)
        if named:
            made.sort = "select"
            known = [*named] if text in dict(named) or not text else [*named, (text, text)]
            made.options = [Option(key, label, key == text) for key, label in known]
        elif row.asked is not None and row.asked.kind in (Kind.DATE, Kind.DATETIME) and op == "on":
            made.sort = "date"
        elif number:
            made.mode = "decimal"
        return made

    def _choices(self, asked: Field | None, op: str) -> list[tuple[str, str]]:
        """The values there are to choose from; none where they are typed in."""
        limited = OPERATORS[op].choices if op in OPERATORS else ()
        if limited:
            return [(str(number), str(label)) for number, label in limited]
        if asked is None or op in ("contains", "not_contains", "starts_with", "ends_with"):
            return []
        if asked.kind is Kind.YESNO:
            return [("true", _("yes")), ("false", _("no"))]
        if asked.choices:
            return [(key, str(label)) for key, label in asked.choices]
        source = asked.source or choices.by_model(asked.refers_to)
        return [(as_text(value), name) for value, name in self.names.of(source)] if source else []


def row_posts(row: Row) -> list[Post]:
    """What a browser sends for the row as it is shown."""
    chosen = OTHER if row.is_other else row.leaf["field"]
    found = [(f"{row.id}.field", chosen), (f"{row.id}.other", row.other if row.is_other else "")]
    found += [(f"{row.id}.op", option.value) for option in row.operators if option.chosen]
    found += [(item.name, item.value) for item in row.items]
    return found + [(each.name, each.value) for each in row.inputs]


def _written(node: "Row | Group") -> Any:
    if isinstance(node, Row):
        return node.leaf
    return tree_of(node.mode, [_written(child) for child in node.rows], node.lone)


def _operators(asked: Field | None, op: str) -> list[Option]:
    known: list[Operator] = list(operators(asked)) if asked else list(OPERATORS.values())
    found = [Option(each.key, str(each.label), each.key == op) for each in known]
    if not any(option.chosen for option in found):
        found.insert(0, Option(op, op or _("Choose…"), True))
    return found


def _is_number(asked: Field | None) -> bool:
    return asked is not None and asked.kind in (Kind.NUMBER, Kind.MONEY, Kind.REF)


def _duration(row: Row, value: Any) -> list[Input]:
    [(unit, amount)] = value.items() if isinstance(value, dict) and len(value) == 1 else [("days", "")]
    units = [Option(key, str(label), key == unit) for key, label in UNITS]
    return [
        Input(f"{row.id}.amount", as_json(amount), _("How many"), mode="numeric"),
        Input(f"{row.id}.unit", str(unit), _("Unit"), "select", units),
    ]

"""The controls of a config: what each shows, and what it will post.

A control is used only where reading back what it posts gives the very value; else the value is shown as JSON.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from pydantic import BaseModel

from triggers import choices
from triggers.admin.builder.config import read_field
from triggers.admin.builder.schema import NOTHING, Setting, settings_of
from triggers.admin.builder.values import JSON, RAW, Post, as_json, as_text, same, scalar
from triggers.problems import Path

Shown = tuple[str, str]


@dataclass
class Option:
    """A choice of a select, or an item of a list."""

    value: str
    label: str
    chosen: bool = False
    name: str = ""


@dataclass
class Control:
    """One control. `sort` picks its template; `name` is what it posts, `id` where problems link to.

    For lists `options` are the items there are, and `offered` what can be added to them.
    """

    setting: Setting
    sort: str
    name: str
    path: Path
    value: str = ""
    options: list[Option] = field(default_factory=list)
    offered: list[Option] = field(default_factory=list)
    rows: list["Fields"] = field(default_factory=list)
    pairs: list[tuple[str, str, str]] = field(default_factory=list)
    is_open: bool = True
    is_text: bool = False
    preview: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def base(self) -> str:
        """The name without the suffix that says how its value is written."""
        return self.name.partition(":")[0]

    @property
    def label(self) -> str:
        return self.setting.label

    @property
    def says_something(self) -> bool:
        """Whether it holds anything but what goes without saying."""
        if self.sort in ("list", "checks"):
            chosen = [option.value for option in self.options if option.chosen]
            return chosen != (self.setting.default if isinstance(self.setting.default, list) else [])
        if self.sort == "yesno":
            return (self.value == "true") != (self.setting.default is True)
        default = self.setting.default
        usual = "" if default in (None, NOTHING) or isinstance(default, list | dict) else as_text(default)
        return bool(self.rows or self.pairs) or self.value != usual


@dataclass
class Fields:
    """The controls of one config, and of each row of a list of records."""

    prefix: str
    had: str
    controls: list[Control]
    extra: str = ""

    def posts(self) -> Iterable[Post]:
        yield f"{self.prefix}.:had", self.had
        if self.extra:
            yield f"{self.prefix}.:extra", self.extra
        for control in self.controls:
            yield from posts(control)


class Names:
    """What settings may be chosen from, each source loaded once for a page."""

    def __init__(self) -> None:
        self._loaded: dict[str, list[choices.Choice]] = {}

    def of(self, source: str) -> list[choices.Choice]:
        if source not in self._loaded:
            known = choices.sources.get(source)
            self._loaded[source] = list(known.load()) if known else []
        return self._loaded[source]

    def typed(self) -> Iterator[tuple[str, list[choices.Choice]]]:
        """The sources whose values are typed in with suggestions."""
        for source, found in self._loaded.items():
            if self.is_open(source) and all(isinstance(value, str) for value, _name in found):
                yield source, found

    def is_open(self, source: str) -> bool:
        """Whether others than those named may be typed in."""
        known = choices.sources.get(source)
        return known is None or known.open

    def options(self, source: str, current: Any = None) -> list[Option]:
        """As options of a select; what is current stands there even when nobody knows it."""
        named = [(as_text(value), name) for value, name in self.of(source)]
        shown = "" if current is None else as_text(current)
        if shown and shown not in dict(named):
            named.append((shown, shown))
        return [Option(value, name, value == shown) for value, name in named]


def fields(model: type[BaseModel], config: Mapping[str, Any], prefix: str, path: Path, names: Names) -> Fields:
    """The controls of a config as it stands, the model's fields in their order."""
    known = {setting.name for setting in settings_of(model)}
    extra = {key: value for key, value in config.items() if key not in known}
    made = [
        control(setting, config.get(setting.name, NOTHING), prefix, (*path, setting.name), names)
        for setting in settings_of(model)
        if setting.sort != "conditions"
    ]
    had = " ".join(name for name in config if name in known)
    return Fields(prefix, had, made, as_json(extra, indent=2) if extra else "")


def control(setting: Setting, value: Any, prefix: str, path: Path, names: Names) -> Control:
    """The control for a field's value; NOTHING where the document leaves it out."""
    name, given = f"{prefix}.{setting.name}", value
    if value is NOTHING:
        value = None if setting.required else setting.default
    made = _fitting(setting, value, name, path, names)
    if made is not None and _says_back(made, prefix, given):
        return made
    return Control(setting, "raw", name + RAW, path, value=as_json(value, indent=2) if given is not NOTHING else "")


def posts(control: Control) -> Iterable[Post]:
    """What a browser sends for the control as it is shown."""
    if control.sort == "yesno":
        yield from [(control.name, "")] + [(control.name, "true")] * (control.value == "true")
    elif control.sort in ("list", "checks"):
        yield control.name, ""
        yield from ((option.name, option.value) for option in control.options if option.chosen)
    elif control.sort == "pairs":
        for row in [*control.pairs, ("", "", "text")]:
            yield from zip((f"{control.name}:{part}" for part in ("key", "value", "as")), row, strict=True)
    elif control.sort == "rows":
        yield f"{control.name}:row", ""
        for row_fields in control.rows:
            yield f"{control.name}:row", row_fields.prefix
            yield from row_fields.posts()
    else:
        yield control.name, control.value


def _says_back(made: Control, prefix: str, given: Any) -> bool:
    if given is NOTHING:
        return True
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, value in posts(made):
        data.appendlist(name, value)
    found = read_field(made.setting, prefix, data)
    return found is not NOTHING and same(found, given)


def _fitting(setting: Setting, value: Any, name: str, path: Path, names: Names) -> Control | None:
    """The control of the field's sort; None where this value has not the shape for it."""
    if setting.sort == "yesno":
        return Control(setting, "yesno", name, path, value="true" if value is True else "")
    if setting.sort in ("list", "checks"):
        return _list(setting, value or [], name, path, names) if isinstance(value, list | None) else None
    if setting.sort == "pairs":
        return _pairs(setting, value or {}, name, path) if isinstance(value, dict | None) else None
    if setting.sort == "rows" and setting.item is not None:
        return _rows(setting, value or [], name, path, names) if isinstance(value, list | None) else None
    if setting.sort == "raw" or isinstance(value, list | dict):
        return None
    posted, text = scalar(name, value, number=setting.sort == "number")
    made = Control(setting, "text" if setting.sort == "choice" else setting.sort, posted, path, value=text)
    if setting.sort == "choice":
        made.sort, made.options = "choice", _choices(setting, text)
    elif setting.source:
        made.sort, made.options = "select", names.options(setting.source, value if value != "" else None)
        made.is_open = names.is_open(setting.source)
    return made


def _choices(setting: Setting, current: str) -> list[Option]:
    known = list(setting.choices)
    if current not in known:
        known.insert(0, current)
    return [
        Option(value, setting.called(value) if value or value in setting.choices else _("Choose…"), value == current)
        for value in known
    ]


def _list(setting: Setting, value: list[Any], name: str, path: Path, names: Names) -> Control | None:
    """Boxes to tick where all there is to choose is known and in its order; else items to take out and add to."""
    if any(isinstance(item, dict | list | bool) for item in value):
        return None
    suffix = JSON if setting.numbers else ""
    if setting.sort == "checks" or setting.source == "weekday":
        known = [(choice, setting.called(choice)) for choice in setting.choices] or names.of(setting.source)
        if value == [item for item, _label in known if item in value]:
            boxes = [Option(str(item), label, item in value, name + suffix) for item, label in known]
            return Control(setting, "checks", name, path, options=boxes)
    called = {as_text(item): label for item, label in names.of(setting.source)} if setting.source else {}
    items = []
    for item in value:
        posted, text = scalar(name, item, number=setting.numbers)
        items.append(
            Option(text, called.get(as_text(item), setting.called(text) if setting.choices else text), True, posted)
        )
    left = [(choice, setting.called(choice)) for choice in setting.choices] or list(called.items())
    offered = [Option(text, label, name=name + suffix) for text, label in left if text not in {i.value for i in items}]
    is_open = not setting.choices and (not setting.source or names.is_open(setting.source))
    made = Control(setting, "list", name, path, options=items, offered=offered, is_open=is_open)
    made.value = name + suffix
    return made


def _pairs(setting: Setting, value: dict[str, Any], name: str, path: Path) -> Control:
    rows = [
        (key, item, "text") if isinstance(item, str) else (key, as_json(item), "json") for key, item in value.items()
    ]
    return Control(setting, "pairs", name, path, pairs=rows)


def _rows(setting: Setting, value: list[Any], name: str, path: Path, names: Names) -> Control | None:
    assert setting.item is not None
    if not all(isinstance(item, dict) for item in value):
        return None
    rows = [fields(setting.item, item, f"{name}.{index}", (*path, index), names) for index, item in enumerate(value)]
    return Control(setting, "rows", name, path, rows=rows)

"""What a config schema says of its controls; and over all kinds: no setting shows the name it has in the code."""

from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from triggers import registry
from triggers.admin.builder.schema import NOTHING, Setting, settings_of
from triggers.workflows.document import Settings


class Line(BaseModel):
    user: str = ""


class Config(BaseModel):
    needed: str
    text: str = ""
    many_words: bool = False
    count: int | None = None
    share: float = 1.5
    either: int | str = 1
    how: Literal["round_robin", "other"] = Field(
        "other", title="How", json_schema_extra={"labels": {"other": "Another"}}
    )
    days: list[Literal["mon", "tue"]] = []
    numbers: list[int] = []
    pairs: dict[str, str] = {}
    lines: list[Line] = []
    odd: set[str] = set()
    source_of: str = Field("", json_schema_extra={"source": "zone", "aside": True})


def all_settings() -> Iterator[tuple[str, Setting]]:
    """Every setting of every kind, rows of records included, by the kind's key."""
    models = [("settings", Settings), *registry.actions.items()]
    models += [(key, kind.Options) for key, kind in registry.events.items()]
    for key, model in models:
        for setting in settings_of(model):
            yield key, setting
            for inner in settings_of(setting.item) if setting.item else ():
                yield f"{key}.{setting.name}", inner


def test_each_annotation_has_its_control() -> None:
    found = {setting.name: setting for setting in settings_of(Config)}

    assert {name: each.sort for name, each in found.items()} == {
        "needed": "text", "text": "text", "many_words": "yesno", "count": "number", "share": "number",
        "either": "number", "how": "choice", "days": "checks", "numbers": "list", "pairs": "pairs", "lines": "rows",
        "odd": "raw", "source_of": "text",
    }  # fmt: skip
    assert (found["needed"].required, found["needed"].default) == (True, NOTHING)
    assert (found["count"].optional, found["text"].optional) == (True, False)
    assert (found["text"].long, found["numbers"].numbers, found["lines"].item) == (True, True, Line)
    assert (found["source_of"].source, found["source_of"].aside) == ("zone", True)


def test_labels_are_the_titles_else_the_names_in_words() -> None:
    found = {setting.name: setting for setting in settings_of(Config)}

    assert (found["how"].label, found["many_words"].label) == ("How", "Many words")
    assert [found["how"].called(choice) for choice in ("other", "round_robin", "")] == [
        "Another",
        "Round robin",
        "None",
    ]


@pytest.mark.parametrize(("key", "setting"), [pytest.param(k, s, id=f"{k}-{s.name}") for k, s in all_settings()])
def test_every_setting_has_a_title_and_every_choice_a_label(key: str, setting: Setting) -> None:
    assert setting.title, f"{key}: give {setting.name} a title that says in plain words what is to be entered"
    assert "_" not in setting.label
    assert not setting.label.lower().endswith(" id")
    if setting.sort == "choice":
        unlabelled = set(setting.choices) - dict(setting.labels).keys()
        assert unlabelled == set(), f"{key}: give the choices of {setting.name} labels"

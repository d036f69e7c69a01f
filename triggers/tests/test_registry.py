"""The code base itself: every event and action type of every app keeps the promises that make it one file.

Each has a docstring, a label, a section, a test file of its own, a schema, and an example that survives JSON;
an action's preview and dry run write nothing.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise
from jsonschema import Draft202012Validator

from triggers import registry
from triggers.action_types import Action, Done, Fail, Hold, Retry, Skip, Stop, Unsure, Wait
from triggers.conditions.fields import Field
from triggers.event_types import Bound, Due, EventType, Happened
from triggers.explaining import examples
from triggers.kinds import Kinds
from triggers.models import Run
from triggers.run_context import Gone, RunContext
from triggers.tests import make
from triggers.workflows import document

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
# What is told several times of one thing: a trigger that is not told otherwise is about one of them.
UNASKED = {
    "affiliate.sale_created": {"field": "event.about", "op": "is", "value": "buyer"},
    "call.status_changed": {"field": "event.disposition", "op": "is_not_set"},
}
EVENTS = sorted(registry.events)
ACTIONS = sorted(registry.actions)
KINDS = [*registry.events.values(), *registry.actions.values()]
OUTCOMES = Done | Skip | Wait | Retry | Fail | Hold | Unsure | Stop


def name_of(kind: type[Any]) -> str:
    return f"{kind.__module__.split('.')[1]} {kind.key}"


def source_of(kind: type[Any]) -> Path:
    return Path(str(sys.modules[kind.__module__].__file__))


# Whoever publishes may: a notice to colleagues, a function that the installation registered, a call with nobody's secret.
OPEN_TO_PUBLISHERS = ("user.notify", "code.call", "http.request")


def test_the_registry_is_not_empty() -> None:
    assert len(EVENTS) >= 11
    assert {"webhook.send", "http.request", "branch", "email.send", "contact.create"} <= set(ACTIONS)


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_a_kind_explains_itself(kind: type[EventType] | type[Action]) -> None:
    description = kind.__dict__.get("__doc__") or ""

    assert len(description.split()) >= 4, "the class has no docstring of its own"
    assert kind.description() == description.strip()
    assert (sys.modules[kind.__module__].__doc__ or "").strip(), "the module does not say what it is for"
    assert isinstance(kind.label, Promise), "the label is not translatable"
    assert str(kind.label).strip()
    assert kind.section.strip()


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_a_kind_has_tests_in_a_file_that_mirrors_its_own(kind: type[EventType] | type[Action]) -> None:
    source = source_of(kind)
    drawer = source.parent

    tests = drawer.parent / "tests" / drawer.name / f"test_{source.name}"

    assert tests.exists(), f"{tests.relative_to(drawer.parent.parent)} is missing"
    assert "\ndef test_" in tests.read_text(encoding="utf-8")


def drawers() -> list[Path]:
    """Every file in an `events` or `actions` drawer of an installed app."""
    folders = [Path(config.path) / name for config in apps.get_app_configs() for name in ("events", "actions")]
    ours = [folder for folder in folders if (folder / "__init__.py").exists() and "site-packages" not in str(folder)]
    return [file for folder in ours for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]


def test_every_file_in_a_drawer_declares_one_kind() -> None:
    declared = sorted(str(source_of(kind)) for kind in KINDS)

    assert declared == sorted(str(file) for file in drawers())


# Events


@pytest.mark.parametrize("key", EVENTS)
def test_an_events_example_survives_json(key: str) -> None:
    kind = registry.events.find(key)
    data = examples.payload(kind)

    read = kind.model_validate_json(json.dumps(data))

    assert read.model_dump(mode="json") == data
    assert set(data) == set(kind.model_fields)


@pytest.mark.parametrize("key", EVENTS)
def test_an_event_has_a_schema_that_its_example_meets(key: str) -> None:
    kind = registry.events.find(key)

    schema = plain(kind.model_json_schema(mode="serialization"))

    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(examples.payload(kind))) == []
    assert set(schema["properties"]) == set(kind.model_fields)


@pytest.mark.parametrize("key", EVENTS)
@pytest.mark.django_db
def test_an_events_options_may_all_be_left_out_and_then_exclude_nothing(key: str) -> None:
    kind = registry.events.find(key)

    options = kind.Options.model_validate({})

    Draft202012Validator.check_schema(plain(kind.Options.model_json_schema()))
    assert kind.Options.model_validate_json(options.model_dump_json()) == options
    assert kind.narrow(options) == UNASKED.get(key)
    assert kind.Options.model_config.get("extra") == "forbid"


@pytest.mark.parametrize("key", EVENTS)
def test_an_event_says_what_it_is_about(key: str) -> None:
    kind = registry.events.find(key)

    subject_type, _subject_id = kind.model_validate(examples.payload(kind)).subject()

    assert apps.get_model(subject_type)._meta.label_lower == subject_type
    assert all(isinstance(field, Field) for field in kind.fields().values())
    assert issubclass(kind, Happened | Bound | Due)


@pytest.mark.django_db
@pytest.mark.parametrize("key", [key for key in EVENTS if issubclass(registry.events[key], Due)])
def test_what_the_clock_brings_is_said_in_words(key: str) -> None:
    words = registry.events[key].Options().in_words()

    assert words
    assert "_" not in words


BOUND = [key for key in EVENTS if issubclass(registry.events[key], Bound)]


@pytest.mark.parametrize("key", BOUND)
def test_an_event_that_follows_a_model_watches_fields_that_exist(key: str) -> None:
    kind: Any = registry.events.find(key)

    names = {field.name for field in apps.get_model(kind.model)._meta.get_fields()}

    assert set(kind.watch) <= names


# Actions


@pytest.mark.django_db
@pytest.mark.parametrize("key", ACTIONS)
def test_an_actions_example_survives_json(key: str) -> None:
    kind = registry.actions.find(key)
    config = examples.action_config(kind)

    action = kind.model_validate(json.loads(json.dumps(config)))

    assert kind.model_validate_json(action.model_dump_json()) == action


@pytest.mark.django_db
@pytest.mark.parametrize("key", ACTIONS)
def test_an_action_has_a_schema_that_its_example_meets(key: str) -> None:
    kind = registry.actions.find(key)

    schema = plain(kind.model_json_schema())

    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(examples.action_config(kind))) == []
    assert set(schema.get("properties", {})) == set(kind.model_fields)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("key", ACTIONS)
def test_an_action_declares_only_what_exists(key: str) -> None:
    kind = registry.actions.find(key)

    assert kind.touches in ("database", "outside", "flow")
    assert set(kind.texts) <= set(kind.model_fields)
    assert set(kind.may_cause) <= set(registry.events)
    assert len(kind.outcomes) == len(set(kind.outcomes))
    assert not (kind.repeatable and kind.touches != "outside")


@pytest.mark.parametrize("key", ACTIONS)
def test_what_an_action_does_to_records_needs_a_permission_that_exists(key: str) -> None:
    kind = registry.actions.find(key)
    known = {
        f"{model._meta.app_label}.{name}"
        for model in apps.get_models()
        for name in (
            *(f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions),
            *(name for name, _label in model._meta.permissions),
        )
    }

    assert set(kind.needs) <= known
    assert kind.needs or kind.touches == "flow" or key in OPEN_TO_PUBLISHERS


@pytest.mark.django_db
@pytest.mark.parametrize("key", ACTIONS)
def test_an_actions_preview_is_one_sentence_and_writes_nothing(key: str) -> None:
    action, ctx = prepared(key)

    with CaptureQueriesContext(connection) as queries:
        said = action.preview(ctx)

    assert writes(queries) == []
    assert isinstance(said, str)
    assert said.strip() == said != ""
    assert "\n" not in said


@pytest.mark.django_db
@pytest.mark.parametrize("key", ACTIONS)
def test_an_action_played_dry_writes_nothing(key: str) -> None:
    action, ctx = prepared(key)

    with CaptureQueriesContext(connection) as queries:
        outcome = action.simulate(ctx)

    assert writes(queries) == []
    assert isinstance(outcome, OUTCOMES)


@pytest.mark.django_db
@pytest.mark.parametrize("key", [key for key in ACTIONS if registry.actions[key].touches != "flow"])
def test_an_actions_preview_without_a_contact_says_so_or_raises_gone(key: str) -> None:
    action, ctx = prepared(key, with_contact=False)

    with CaptureQueriesContext(connection) as queries:
        try:
            said = action.preview(ctx)
        except Gone as gone:
            said = str(gone)

    assert writes(queries) == []
    assert said.strip()


def prepared(key: str, *, with_contact: bool = True) -> tuple[Action, RunContext]:
    """The action with its example settings, and a dry run's context that stands at it."""
    kind = registry.actions.find(key)
    config = examples.action_config(kind)
    contact_id = make.contact().pk if with_contact else None
    event = examples.event("contact.tag_added", contact_id=contact_id, now=NOW)
    event.contact_id = contact_id
    node = {"uid": "a1", key: config["cases"]} if key in ("branch", "split") else make.action("a1", key, **config)
    doc = document.read(make.document(node))
    run = Run(event=event, contact_id=contact_id, created_at=NOW)
    ctx = RunContext(run, event, doc, doc.nodes["a1"], UUID(int=0), NOW, dry=True)
    return kind.model_validate(doc.nodes["a1"].config), ctx


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]


def plain(schema: dict[str, Any]) -> Any:
    """The schema as a client gets it: JSON, its titles translated."""
    return json.loads(json.dumps(schema, cls=DjangoJSONEncoder))


# What the registry refuses


def named(class_name: str, module: str) -> type:
    """A class of this name that stands in this module."""
    return type(class_name, (), {"__module__": module})


@pytest.mark.parametrize(
    ("class_name", "module", "message"),
    [
        (
            "NoteWritten", "contacts.events.note_added",
            "contacts.events.note_added.NoteWritten: the class of note.added is to be named NoteAdded",
        ),
        (
            "Noteadded", "contacts.events.note_added",
            "contacts.events.note_added.Noteadded: the class of note.added is to be named NoteAdded",
        ),
        (
            "NoteAdded", "contacts.events.notes",
            "contacts.events.notes: note.added is to live in a file named note_added.py",
        ),
        (
            "NoteAdded", "contacts.events.old_note_added",
            "contacts.events.old_note_added: note.added is to live in a file named note_added.py",
        ),
    ],
)  # fmt: skip
def test_a_wrong_name_is_refused(class_name: str, module: str, message: str) -> None:
    kinds: Kinds[type] = Kinds("event type")

    with pytest.raises(ImproperlyConfigured) as refusal:
        kinds.register("note.added", named(class_name, module))

    assert (str(refusal.value), kinds) == (message, {})


def test_a_key_is_declared_once() -> None:
    kinds: Kinds[type] = Kinds("event type")
    first = named("NoteAdded", "contacts.events.note_added")
    kinds.register("note.added", first)

    with pytest.raises(ImproperlyConfigured, match=r"^note\.added is declared twice: .* and x\.events\.note_added\."):
        kinds.register("note.added", named("NoteAdded", "x.events.note_added"))

    assert kinds == {"note.added": first}


@pytest.mark.parametrize(
    ("find", "message"),
    [
        (registry.events.find, "There is no event type “note.lost”."),
        (registry.actions.find, "There is no action type “note.lost”."),
    ],
)
def test_an_unknown_key_is_named(find: Any, message: str) -> None:
    with pytest.raises(registry.UnknownKind) as unknown:
        find("note.lost")

    assert str(unknown.value) == message

"""A scratch database for a benchmark, and the rows its cases share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from contacts.models import Contact, Tag, Tagging
from triggers import services
from triggers.matching import compiled
from triggers.models import Trigger, Workflow
from triggers.running.acting import forget_versions

TAGGED: dict[str, Any] = {"uid": "t1", "event": "contact.tag_added", "config": {}, "conditions": None}


@contextmanager
def scratch_database() -> Iterator[None]:
    """Within the block the default connection is an empty, migrated database that is dropped afterwards."""
    original = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = f"{original}.bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def empty() -> None:
    """Empties the tables that cases fill."""
    tables = [
        model._meta.db_table
        for app in ("contacts", "pipelines", "providers", "triggers")
        for model in apps.get_app_config(app).get_models()
    ]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=False, allow_cascade=True):
            cursor.execute(statement)
    compiled._books.clear()
    forget_versions()


def analyze() -> None:
    """A queue table analysed while empty gets a plan three times slower (performance, 6)."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def flow(*actions: dict[str, Any], name: str = "Bench", trigger: dict[str, Any] = TAGGED) -> Workflow:
    """A live workflow that starts when a tag is added."""
    made = services.create(name, {"triggers": [trigger], "actions": list(actions), "settings": {}})
    services.publish(made)
    return made


def idle_triggers(count: int) -> None:
    """So many live triggers on contact changes, none of which matches."""
    made = flow({"uid": "a1", "action": "run.stop", "config": {}}, name="Idle")
    tree = [{"field": "contact.external_id", "op": "is", "value": f"nobody {n}"} for n in range(count)]
    Trigger.objects.bulk_create(
        [
            Trigger(workflow=made, uid=f"k{n}", event_type="contact.changed", conditions={"all": [leaf]})
            for n, leaf in enumerate(tree)
        ],
        5000,
    )


def people(count: int) -> list[Contact]:
    made: list[Contact] = Contact.objects.bulk_create([Contact(first_name=f"Person {n}") for n in range(count)], 5000)
    return made


def crowd(count: int) -> None:
    """So many contacts with nothing but their defaults, made by the database."""
    fields = [field for field in Contact._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(field.get_default(), connection) for field in fields]
    marks = ", ".join(["%s"] * len(fields))
    moment = [
        timezone.now() if getattr(field, "auto_now", False) else value
        for field, value in zip(fields, values, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO contacts_contact ({columns}) SELECT {marks} FROM {numbers(count)}",  # noqa: S608 -- our columns
            moment,
        )


def numbers(count: int) -> str:
    """The numbers from 1 on as rows `n`, however the database makes them."""
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS numbers(n)"
    return f"(WITH RECURSIVE up(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM up WHERE n < {count}) SELECT n FROM up)"  # noqa: S608 -- a number


def tag_all(contacts: list[Contact], name: str = "VIP") -> None:
    tag, _made = Tag.objects.get_or_create(name=name)
    Tagging.objects.bulk_create([Tagging(contact=contact, tag=tag) for contact in contacts], 5000)


def bare(model: type[models.Model]) -> type[models.Model]:
    """The same table without capture: what a save costs in plain Django."""
    name = f"Bare{model.__name__}"
    try:
        return apps.get_model("concours", name)
    except LookupError:
        columns = {
            column.name: column.clone() for column in model._meta.local_concrete_fields if not column.is_relation
        }
        meta = type("Meta", (), {"app_label": "concours", "managed": False, "db_table": model._meta.db_table})
        return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **columns})

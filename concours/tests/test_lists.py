"""Every list of the admin asks as much of the database with many rows as with few.

By night the lists that grow are filled with 100,000 rows, and cost SQLite no more work than with a tenth of them.
"""

import re
from typing import Final

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concours.tests import house
from concours.tests.multiply import multiply
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 60
# More questions than this no list may ask.
MOST: Final = 45
# One row there is, or one for each kind of the code.
SINGLE: Final = {"triggers.Organisation", "contacts.ScorePolicy", "django_celery_beat.SolarSchedule"}
# What grows with the years.
GROWING: Final = (
    "contacts.Contact", "triggers.Event", "triggers.Run", "triggers.Miss",
    "conversations.Message", "pipelines.Opportunity", "pipelines.Journey", "capture.InboundRequest",
    "capture.Submission", "capture.PageView", "providers.ProviderDelivery",
)  # fmt: skip


@pytest.fixture
def boss() -> Client:
    client = visit.boss()
    house.furnish(client)
    return client


def listed() -> list[type[Model]]:
    """The models whose lists can have many rows."""
    return [model for model in admin.site._registry if model._meta.label not in SINGLE]


def asked(client: Client, model: type[Model]) -> list[str]:
    """The questions that the model's list asks."""
    # What is counted once a minute is counted in each visit, and only once.
    cache.clear()
    with CaptureQueriesContext(connection) as context:
        answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), follow=True)
    assert answer.status_code == 200, model
    return [query["sql"] for query in context.captured_queries]


def test_every_list_asks_as_much_with_many_rows_as_with_few(boss: Client) -> None:
    wrong = {}
    for model in listed():
        multiply(model, FEW)
        few = asked(boss, model)
        multiply(model, MANY)
        many = asked(boss, model)
        if len(many) > min(len(few), MOST):
            wrong[model._meta.label] = (len(few), len(many))

    assert wrong == {}


def test_no_list_counts_a_table_to_its_end(boss: Client) -> None:
    unbounded = {
        model._meta.label: sql
        for model in listed()
        for sql in asked(boss, model)
        if re.search(rf'SELECT COUNT\(\*\) AS "\w+" FROM "{model._meta.db_table}"', sql) and "WHERE" not in sql
    }

    assert unbounded == {}


@pytest.mark.nightly
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite counts the steps of its work")
@pytest.mark.parametrize("label", GROWING)
def test_a_list_costs_no_more_when_its_table_has_grown(boss: Client, label: str) -> None:
    model = apps.get_model(label)
    multiply(model, 12_000)
    before = steps(boss, model)
    multiply(model, 100_000)

    assert steps(boss, model) < 1.3 * before


def steps(client: Client, model: type[Model]) -> int:
    """How many thousand steps SQLite's machine takes for the list."""
    connection.ensure_connection()
    taken = [0]

    def note() -> int:
        taken[0] += 1
        return 0

    connection.connection.set_progress_handler(note, 1000)
    try:
        asked(client, model)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return taken[0]

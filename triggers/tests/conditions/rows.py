"""A table of every kind of column, filled with what databases and Python like to disagree about."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection, models

from triggers.tests.conditions.trees import COUNTRIES, DAYS, NOW, TEXTS


class Row(models.Model):
    # Nulls in text are the point here.
    name = models.TextField(null=True)
    country = models.CharField(max_length=10, default="")
    score = models.IntegerField(null=True)
    ratio = models.FloatField(null=True)
    balance = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    born = models.DateField(null=True)
    seen = models.DateTimeField(null=True)
    vip = models.BooleanField(null=True)
    owner_id = models.BigIntegerField(null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True)

    class Meta:
        # A registry of its own: the house never sees this model.
        apps = Apps()
        app_label = "conditions"

    def __str__(self) -> str:
        return f"row {self.pk}"

    def facts(self) -> dict[str, Any]:
        own = ("name", "country", "score", "ratio", "balance", "born", "seen", "vip")
        facts = {f"contact.{column}": getattr(self, column) for column in own}
        return facts | {
            "contact.owner": self.owner_id,
            "contact.parent": self.parent.name if self.parent else None,
            # Beyond the table, as facts of the event and of other tables are.
            "contact.tags": ["VIP"] if self.pk % 2 else [],
            "contact.nickname": self.name,
            "contact.answer": self.name,
            "event.tag": self.name,
            "event.amount": self.balance,
        }


def _moments() -> list[datetime]:
    """Around midnight in the tests' zones on the days their clocks change, and around now."""
    midnights = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in DAYS]
    steps = [timedelta(minutes=minutes) for minutes in (-1, 0, 150, 180, 209, 210, 239, 240, 300, 600, 840)]
    near = [NOW + timedelta(hours=hours) for hours in (-48, -5, -1, 0, 1, 5, 48)]
    return [midnight + step for midnight in midnights for step in steps] + near


def _fill() -> None:
    pick = random.Random(6)
    moments = _moments()
    columns: dict[str, list[Any]] = {
        "name": [None, "", *TEXTS],
        "country": ["", "de", *(key for key, _ in COUNTRIES)],
        "score": [None, 0, 1, -1, 5, 6, 50, 2**31 - 1],
        "ratio": [None, 0.0, 0.1, 0.005, 2.5, 5.0000001, 1e9 + 1, 1e300],
        "balance": [None, *map(Decimal, ("0", "0.01", "2.50", "19.99", "-1", "5", "1000000000.01"))],
        "born": [None, *DAYS],
        "seen": [None, *moments],
        "vip": [None, True, False],
        "owner_id": [None, 1, 2, 3],
    }
    for _ in range(150):
        parent = Row.objects.order_by("pk").filter(pk=pick.randrange(1, 300)).first()
        Row.objects.create(parent=parent, **{name: pick.choice(values) for name, values in columns.items()})


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Row]]:
    """Every row, as read back from the database under test."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Row)
        _fill()
        yield list(Row.objects.select_related("parent"))
        with connection.schema_editor() as editor:
            editor.delete_model(Row)

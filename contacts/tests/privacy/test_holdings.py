"""Every table with data about people says how it is told and forgotten."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from contacts.models import Contact
from triggers import privacy

pytestmark = pytest.mark.django_db


def test_every_table_that_names_a_contact_is_declared() -> None:
    declared = {holding.model.lower() for holding in privacy.holdings.values()}

    assert sorted(label for label in set(_naming()) if label.lower() not in declared) == []


def test_every_table_under_these_is_declared_or_holds_nothing_of_them() -> None:
    """What hangs on a row of a person's, such as the tries of an action, may hold as much as the row."""
    declared = {holding.model.lower() for holding in privacy.holdings.values()}
    # Runs hang on workflows too: only what is below a person's own rows counts.
    own = {label for label in declared if label not in ("capture.inboundwebhook", "admin.logentry")}
    below = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is not None and field.related_model._meta.label_lower in own
    }
    assert sorted(below - declared) == []


def test_every_declaration_can_be_carried_out() -> None:
    nobody = privacy.Person((0,))
    for holding in privacy.in_turn():
        model = apps.get_model(holding.model)
        columns = {column.name for column in model._meta.concrete_fields}
        assert set(holding.told) <= columns, holding.name
        if isinstance(holding.forget, privacy.Blank):
            assert set(holding.forget.values) <= columns, holding.name
        assert list(holding.rows(nobody).values_list("pk", flat=True)[:1]) is not None


def _naming() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is Contact or (
                field.name == "contact_id" and isinstance(field, models.BigIntegerField)
            ):
                yield model._meta.label

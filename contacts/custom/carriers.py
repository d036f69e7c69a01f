"""The records that staff may define custom fields for: contacts, and what other apps add in `ready`.

Each keeps its values in a column `custom_fields`, by key, in the form of `kinds.stored`.
"""

from typing import Any

from django.apps import apps
from django.db import models

from contacts.models.custom_field import ON_CONTACTS

# By the model's label, in the order in which staff are asked; the namespace is what conditions and texts call it by.
carriers: dict[str, str] = {ON_CONTACTS: "contact"}


def rows(on: str) -> "models.QuerySet[Any]":
    """All records of this kind."""
    found: models.QuerySet[Any] = apps.get_model(on)._default_manager.all()
    return found


def label(on: str) -> str:
    """What staff call these records: contacts, opportunities."""
    return str(apps.get_model(on)._meta.verbose_name_plural) if on in carriers else on


def choices() -> list[tuple[str, str]]:
    return [(on, label(on)) for on in carriers]

"""Which columns an export has and how a contact fills them, as a resource of django-import-export.

The columns are those that the import reads, so that a file goes out and comes in again unchanged.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from import_export.resources import Resource

from contacts.importing.columns import Column, columns
from contacts.importing.spellings import escaped
from contacts.models import Contact

CHUNK = 1000


class ContactResource(Resource):  # type: ignore[misc]
    """The contacts of a queryset as rows of cells."""

    def __init__(self, queryset: QuerySet[Contact]) -> None:
        super().__init__()
        self.queryset = queryset.select_related("owner").prefetch_related("taggings__tag")
        self.fields: dict[str, Column] = columns()
        self._ordered = list(self.fields.values())

    def header(self) -> list[str]:
        return [str(column.column_name) for column in self._ordered]

    def rows(self) -> Iterator[list[str]]:
        """The cells of each contact; none of them is a formula to a spreadsheet."""
        for contact in self.contacts():
            yield [escaped(self.export_field(column, contact)) for column in self._ordered]

    def get_field_name(self, field: Any) -> str:
        return str(field.name)

    def contacts(self) -> Iterator[Contact]:
        """A thousand at a time, the oldest first."""
        yield from self.queryset.order_by("pk").iterator(CHUNK)

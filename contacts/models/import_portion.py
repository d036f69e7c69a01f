"""The rows of an import, some hundred at a time."""

from django.db import models

from contacts.models.data_import import Import


class ImportPortion(models.Model):
    """Some hundred rows of a file: as read, as understood, and what became of them.

    One portion is one transaction, and each of its moments is set once: so a crash resumes at the first
    portion without it, and no row is ever done twice.
    """

    data_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="portions")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    # both packed by `contacts.importing.packing`: [[line, [cell, …]], …] and [[line, record or null], …]
    cells = models.BinaryField()
    records = models.BinaryField(null=True)
    problems = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    # primary keys of contacts; `refused` holds lines
    created = models.JSONField(default=list)
    updated = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    ran_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["data_import", "number"], name="import_portion_once")]

    def __str__(self) -> str:
        return f"{self.data_import_id}/{self.number}"

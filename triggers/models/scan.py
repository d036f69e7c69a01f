"""How far the clock has come for each trigger of a time-based type."""

from django.db import models


class Scan(models.Model):
    """What became due for this trigger up to `until` has been found. Outlives the trigger's own row."""

    workflow_id = models.BigIntegerField()
    trigger_uid = models.CharField(max_length=40)
    until = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow_id", "trigger_uid"], name="scan_once")]

    def __str__(self) -> str:
        return f"{self.workflow_id} {self.trigger_uid}: {self.until}"

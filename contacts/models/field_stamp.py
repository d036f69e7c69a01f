"""When the custom fields last changed, for every process that remembers them."""

from uuid import uuid4

from django.db import models


class FieldStamp(models.Model):
    """One row, whose value is another one after each change of a custom field; never the same twice."""

    value = models.UUIDField(default=uuid4)

    def __str__(self) -> str:
        return str(self.value)

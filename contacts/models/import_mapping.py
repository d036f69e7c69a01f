"""What the columns of a kind of file mean, by its header row."""

from typing import Any

from django.db import models


class ImportMapping(models.Model):
    """What staff last said the columns of such a file mean; proposed again for the next one."""

    signature = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.signature[:12]

    @classmethod
    def remembered(cls, signature: str) -> "ImportMapping | None":
        return cls.objects.filter(signature=signature).first()

    @classmethod
    def remember(cls, signature: str, mapping: dict[str, str], options: dict[str, Any]) -> None:
        cls.objects.update_or_create(signature=signature, defaults={"mapping": mapping, "options": options})

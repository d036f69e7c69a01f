"""What names a row in files that go to another database: a key, made from its name when it is stored."""

from typing import Any, ClassVar

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


class Keyed(models.Model):
    """A row with a key that is its own among those it stands beside, and stays when it is renamed."""

    # the column whose rows of one value stand beside each other; all do where it is empty
    key_within: ClassVar[str] = ""

    key = models.CharField(_("key"), max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = free_key(self)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "key"}
        super().save(*args, **kwargs)


def free_key(row: Any, joint: str = "_") -> str:
    """The row's name in small letters and digits, joined by `joint`; with a number where another one beside it has that.

    Joined by `_` it begins with a letter, as a name in a document does.
    """
    kind = row._meta.model_name
    base = joint.join(filter(None, slugify(row.name)[:50].replace("_", "-").split("-"))) or kind
    base = f"{kind}_{base}" if joint == "_" and base[0].isdigit() else base
    beside = type(row)._base_manager.filter(key__startswith=base).exclude(pk=row.pk)
    within = getattr(row, "key_within", "")
    if within:
        beside = beside.filter(**{within: getattr(row, within)})
    taken = set(beside.values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}{joint}{n}") not in taken)


def once(name: str, *within: str) -> models.UniqueConstraint:
    """That a key is there once among the rows that stand beside each other."""
    return models.UniqueConstraint(fields=[*within, "key"], condition=~models.Q(key=""), name=name)

"""How groups are named in workflow documents: by key in files, by number in this database."""

from collections.abc import Collection
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from communities.models import Group
from triggers import references
from triggers.references import Keys, Reference

GroupNumber = Annotated[int, Reference("communities.group")]

MISSING = _("There is no community group “%(key)s”. It may have been deleted; choose another.")


def register() -> None:
    references.sources["communities.group"] = Keys(_keys, _numbers, MISSING)


def _keys(numbers: Collection[int]) -> dict[int, str]:
    return dict(Group.objects.filter(pk__in=numbers).values_list("pk", "key"))


def _numbers(keys: Collection[str]) -> dict[str, int]:
    return dict(Group.objects.filter(key__in=keys).values_list("key", "pk"))

"""Tags by name: the same tag whatever its case, made when it is first used."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from contacts.models import Tag
from contacts.texts import line

MAX_NAME = 80


def clean_names(names: Iterable[str]) -> list[str]:
    """The names in one line each, empty ones and repetitions left out. Raises ValidationError at `tags`."""
    try:
        cleaned = [line(name) for name in names]
    except ValidationError as error:
        raise ValidationError({"tags": error.messages}) from None
    too_long = next((name for name in cleaned if len(name) > MAX_NAME), None)
    if too_long is not None:
        raise ValidationError({"tags": [_("The tag “%(name)s…” is too long.") % {"name": too_long[:MAX_NAME]}]})
    return list({name.casefold(): name for name in reversed(cleaned) if name}.values())[::-1]


def existing(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, in any case."""
    wanted = {name.casefold(): name for name in names}
    if not wanted:
        return []
    same = reduce(or_, (Q(lower=Lower(Value(name))) for name in wanted.values()))
    found: list[Tag] = [*Tag.objects.alias(lower=Lower("name")).filter(same)]
    missing = wanted.keys() - {tag.name.casefold() for tag in found}
    # Databases fold Ä to ä only under some locales, SQLite never: such names are compared here.
    if any(not name.isascii() for name in missing):
        others = Tag.objects.exclude(pk__in=[tag.pk for tag in found])
        found += [tag for tag in others if tag.name.casefold() in missing]
    return found


def ensure(names: Iterable[str]) -> list[Tag]:
    """The tag of each name, in that order; made where there is none."""
    names = list(names)
    known = {tag.name.casefold(): tag for tag in existing(names)}
    return [known.get(name.casefold()) or _make(name) for name in names]


def _make(name: str) -> Tag:
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name)
    except IntegrityError:
        # Somebody else made it a moment ago.
        return existing([name])[0]

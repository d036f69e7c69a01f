import pytest
from django.db.models import F
from django.db.models.functions import Length

from triggers.conditions.ascii import AsciiLower, Octets
from triggers.tests.conditions.rows import Row

pytestmark = pytest.mark.django_db


def _ascii_lower(text: str) -> str:
    return "".join(character.lower() if character.isascii() else character for character in text)


def test_only_ascii_is_lowered(rows):
    lowered = dict(Row.objects.exclude(name=None).values_list("pk", AsciiLower(F("name"))))

    assert lowered == {row.pk: _ascii_lower(row.name) for row in rows if row.name is not None}


def test_octets_are_those_of_utf8(rows):
    measured = Row.objects.exclude(name=None).values_list("pk", Octets(F("name")), Length("name"))

    assert list(measured.order_by("pk")) == [
        (row.pk, len(row.name.encode()), len(row.name)) for row in rows if row.name is not None
    ]


def test_text_without_f_k_and_s_only_matches_ascii():
    """What the sieve's exactness rests on, checked over the whole of Unicode."""
    folds = [chr(code).casefold() for code in range(128, 0x110000)]

    assert all(set(fold) & set("fks") for fold in folds if fold.isascii())

from django.utils import translation

from triggers.wording.numbers import grouped


def test_thousands_are_parted_as_the_readers_language_does_it():
    assert grouped(1_234_567) == "1,234,567"
    with translation.override("de"):
        assert grouped(1_234_567) == "1.234.567"
    assert grouped(999) == "999"

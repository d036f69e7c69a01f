"""Countries go by two letters in the row, and by their names for whoever reads them."""

from django.utils import translation

from contacts import countries


def test_they_are_those_of_iso_3166() -> None:
    assert len(countries.codes()) == 249
    assert {"DE", "GB", "AQ"} < set(countries.codes().values())


def test_each_has_a_name_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert (countries.name("de"), countries.name("AT")) == ("Deutschland", "Österreich")
        assert dict(countries.choices())["GB"] == "Vereinigtes Königreich"
    with translation.override("en-gb"):
        named = countries.choices()
    assert countries.name("XX") == "XX"
    assert named[0] == ("AF", "Afghanistan")
    assert [code for code, called in named if called == code] == []


def test_an_unknown_language_reads_english() -> None:
    with translation.override("xx"):
        assert countries.name("CZ") == "Czechia"

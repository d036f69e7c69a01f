import pytest
from django.utils import translation

from triggers import languages


@pytest.mark.parametrize("name", ["de", "DE", "de-AT", "de_DE", "de-Latn-DE", "German", "deutsch", " de "])
def test_german_is_spoken_however_it_is_written(name: str) -> None:
    assert languages.spoken(name) == "de"


@pytest.mark.parametrize("name", ["", "  ", "fr", "tlh", "..", "d", "-", "x" * 600, "Deutschland"])
def test_what_we_do_not_speak_is_nothing(name: str) -> None:
    assert languages.spoken(name) == ""


def test_a_page_for_a_contact_is_in_its_language_else_in_the_readers() -> None:
    with translation.override("de"):
        with languages.of_reader("en-GB"):
            assert translation.gettext("Unsubscribe") == "Unsubscribe"
        with languages.of_reader("fr"):
            assert translation.gettext("Unsubscribe") == "Abmelden"


def test_mail_and_what_is_stored_are_in_the_organisations_language_unless_the_contact_has_another(settings) -> None:
    with translation.override("de"):
        with languages.organisations():
            assert translation.gettext("Unsubscribe") == "Unsubscribe"
        with languages.of_mail_to("fr"):
            assert translation.gettext("Unsubscribe") == "Unsubscribe"
        assert translation.get_language() == "de"
    settings.LANGUAGE_CODE = "de"
    with translation.override("en"), languages.of_mail_to("fr"):
        assert translation.gettext("Unsubscribe") == "Abmelden"

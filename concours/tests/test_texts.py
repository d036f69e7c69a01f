"""The catalogues of texts: complete, true to the code, and what Django reads is what stands in the .po file."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from concours import texts

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != texts.SOURCE]
AGAIN = "Run script/messages and translate what it lists."


@pytest.fixture(scope="module")
def found() -> dict[texts.Key, list[str]]:
    return texts.found(Path(settings.BASE_DIR))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_the_texts_of_the_code_and_no_others(found, language) -> None:
    assert texts.keys(texts.read(language)) == set(found), AGAIN


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_all_its_forms(language) -> None:
    assert [message.id for message in texts.untranslated(texts.read(language))] == [], AGAIN


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_outer_spaces(language) -> None:
    assert texts.faults(texts.read(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_django_reads_what_the_catalogue_says(language) -> None:
    compiled = (texts.folder(language) / "django.mo").read_bytes()

    assert compiled == texts.mo(texts.read(language)), "Run script/messages."


def test_every_name_that_gettext_goes_by_is_looked_for() -> None:
    """A text under another name would never be translated, and nobody told."""
    names = {
        name
        for path in Path(settings.BASE_DIR).glob("*/**/*.py")
        if "tests" not in path.parts and ".venv" not in path.parts
        for name in re.findall(r"import (?:gettext|gettext_lazy|gettext_noop) as (\w+)", path.read_text())
    }

    assert names <= set(texts.ONE)


def test_texts_are_found_in_code_templates_and_declarations(tmp_path: Path) -> None:
    """Also within f-strings, in lines of templates that are indented, and with contexts and plurals."""
    (tmp_path / "triggers" / "templates").mkdir(parents=True)
    (tmp_path / "triggers" / "a.py").write_text(
        "def said(n):\n"
        "    told = f\"{_('Within')}, {n}\"\n"
        '    return _("One " "text"), ngettext("%d cat", "%d cats", n), pgettext("of a mail", "To"), _(told), told\n'
    )
    (tmp_path / "triggers" / "templates" / "b.html").write_text(
        '<p>\n    {% if x %}\n  <a title="{% translate "Title" %}">{{ y|default:_("Never") }}</a>{% endif %}\n'
        "{% blocktranslate count n=n trimmed %}\n  {{ n }} dog\n{% plural %}\n  {{ n }} dogs\n{% endblocktranslate %}"
        '{% translate "Bank" context "of a river" %}</p>\n'
    )

    found = {key for key, places in texts.found(tmp_path).items() if places[0] in ("triggers/a.py", PAGE)}

    assert found == {
        ("Within", None), ("One text", None), (("%d cat", "%d cats"), None), ("To", "of a mail"),
        ("Title", None), ("Never", None), (("%(n)s dog", "%(n)s dogs"), None), ("Bank", "of a river"),
    }  # fmt: skip
    assert ("Which tag", None) in texts.found(tmp_path)


PAGE = "triggers/templates/b.html"


def test_known_translations_stay_and_dead_ones_go() -> None:
    old = Catalog(locale="de")
    old.add("Kept", "Behalten")
    old.add("Gone", "Fort")
    old.add("Counted now", "Gezählt")

    fresh = texts.brought_up_to_date(
        old, {("Kept", None): ["a.py"], (("Counted now", "All counted"), None): ["a.py"], ("Gone by", None): ["b.py"]}
    )

    assert texts.keys(fresh) == {("Kept", None), (("Counted now", "All counted"), None), ("Gone by", None)}
    assert fresh.get("Kept").string == "Behalten"
    # neither a plural nor a similar text is guessed
    assert [message.id for message in texts.untranslated(fresh)] == [("Counted now", "All counted"), "Gone by"]


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        ("%(n)d left of {all}", "{all}: noch %(n)d", ""),
        ("%(n)d left", "noch %(m)d", "placeholders ['%(m)d'] instead of ['%(n)d']"),
        ("%(n)s %% seen", "%(n)s % gesehen", "placeholders ['%(n)s'] instead of ['%%', '%(n)s']"),
        (
            "<strong>{}</strong> is open",
            "{} ist offen",
            "placeholders ['{}'] instead of ['</strong>', '<strong>', '{}']",
        ),
        (" or ", "oder", "other white space at its start or end"),
    ],
)
def test_a_translation_that_would_break_a_page_is_named(source: str, text: str, why: str) -> None:
    catalog = Catalog(locale="de")
    catalog.add(source, text)

    assert [fault.why for fault in texts.faults(catalog)] == ([why] if why else [])


def test_the_command_finds_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("messages", "--check")

    assert capsys.readouterr().out == ""


def test_the_command_says_what_waits_for_a_translation(monkeypatch, capsys) -> None:
    known = texts.found(Path(settings.BASE_DIR))
    monkeypatch.setattr(texts, "found", lambda root: {**known, ("A text that nobody has translated", None): ["a.py"]})

    with pytest.raises(CommandError):
        call_command("messages", "--check")

    assert "de: not translated: 'A text that nobody has translated'" in capsys.readouterr().out
    assert ("A text that nobody has translated", None) not in texts.keys(texts.read("de"))


def test_a_page_in_german_says_german_words() -> None:
    with translation.override("de"):
        assert translation.gettext("Workflow") == "Workflow"
        assert translation.gettext("Non-starts") == "Nicht gestartet"
        assert translation.ngettext("%(n)d task completed.", "%(n)d tasks completed.", 2) == "%(n)d Aufgaben erledigt."

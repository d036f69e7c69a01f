"""What is kept about a person is told to them in full, and nothing of anybody else."""

import io
import json
import zipfile
from typing import Any

import pytest

from contacts import services
from contacts.models import Contact
from contacts.privacy import personal_data
from contacts.tests import make
from contacts.tests.privacy.zelmira import WORDS, history

pytestmark = pytest.mark.django_db


def archive(contact: Contact) -> dict[str, str]:
    file = io.BytesIO()
    personal_data.write_archive(contact, file)
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_every_word_about_the_person_is_in_the_file_and_on_the_page(settings: Any) -> None:
    who, _ana = history(settings)

    files = archive(who)

    assert sorted(files) == ["data.json", "index.html"]
    for name, text in files.items():
        assert [word for word in WORDS if word.casefold() not in text.casefold()] == [], name


def test_the_file_is_one_json_document_by_table(settings: Any) -> None:
    who, ana = history(settings)

    found = json.loads(archive(who)["data.json"])

    sections = found["sections"]
    assert found["contact"] == who.pk
    assert next(iter(sections)) == "contact"
    assert (sections["contact"][0]["email"], sections["contact"][0]["birth_date"]) == (
        "zq@nowhere.example",
        "1990-05-17",
    )
    assert [row["tag"] for row in sections["tags"]] == ["VIP"]
    assert (sections["notes"][0]["body"], sections["notes"][0]["author"]) == ("Told in private", ana.username)
    assert {row["subject"] for row in sections["messages"]} == {"Your secret offer", "Re: Your secret offer"}
    assert sections["runs"][0]["workflow"] == "Offer"
    assert sections["misses"][0]["actual"] == "Wolkenhaus"
    assert sections["inbound requests by address"][0]["body"] == '{"mail": "zq@nowhere.example"}'


def test_the_answer_of_the_api_is_the_same_document(settings: Any) -> None:
    who, _ana = history(settings)

    told, kept = personal_data.document(who), json.loads(archive(who)["data.json"])

    assert told["sections"].keys() == kept["sections"].keys()
    assert {name: len(rows) for name, rows in told["sections"].items()} == {
        name: len(rows) for name, rows in kept["sections"].items()
    }


def test_it_holds_nothing_of_others(settings: Any) -> None:
    ben = make.contact(first_name="Benedetto", email="ben@elsewhere.example")
    make.note(ben, "About somebody else")
    who, _ana = history(settings)

    whole = "".join(archive(who).values())

    assert [word for word in ("Benedetto", "elsewhere.example", "somebody else") if word in whole] == []
    assert "other@example.org" not in whole


def test_what_people_wrote_is_text_on_the_page() -> None:
    mia = make.contact(first_name="<script>alert(1)</script>")
    make.note(mia, "<img src=x>")

    page = archive(mia)["index.html"]

    assert "<script>" not in page
    assert "&lt;img src=x&gt;" in page


def test_of_a_forgotten_person_nothing_is_left_to_tell(settings: Any) -> None:
    who, _ana = history(settings)
    services.forget(who)

    whole = "".join(archive(who).values()).casefold()

    assert [word for word in WORDS if word.casefold() in whole] == []

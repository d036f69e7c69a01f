"""Staff read the language they chose, and what is stored stays in the organisation's."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import translation

from capture.models import InboundRequest, Submission
from capture.tests import make as capture
from contacts.models import Tag
from pipelines.maps import verbs
from pipelines.tests.maps import make as maps
from triggers import operations, services, sweeping
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def choose(client: Client, language: str, **more: str) -> Client:
    response = client.post("/i18n/setlang/", {"language": language, "next": "/admin/", **more})
    assert response.status_code == 302
    return client


def test_the_account_menu_offers_every_language_by_its_own_name() -> None:
    page = visit.boss().get("/admin/contacts/tag/?q=vip").content.decode()

    assert re.findall(r'name="language" value="(\w+)" lang="\w+"( aria-current="true")?', page) == [
        ("en", ' aria-current="true"'), ("de", ""),
    ]  # fmt: skip
    assert "Deutsch</button>" in page
    assert '<input type="hidden" name="next" value="/admin/contacts/tag/?q=vip">' in page


def test_the_choice_turns_every_page_and_stays() -> None:
    client = choose(visit.boss(), "de")

    page = client.get("/admin/").content.decode()

    assert '<html lang="de"' in page
    assert "Meine Aufgaben" in visit.words(page)
    assert "English</button>" in page
    cookie = client.cookies["django_language"]
    assert (cookie.value, bool(cookie["httponly"]), cookie["samesite"]) == ("de", True, "Lax")
    assert "My tasks" in visit.words(choose(client, "en").get("/admin/").content.decode())


def test_a_choice_that_we_do_not_speak_or_another_site_asks_for_changes_nothing() -> None:
    client = choose(visit.boss(), "fr")
    assert "My tasks" in visit.words(client.get("/admin/").content.decode())

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/i18n/setlang/", {"language": "de"}).status_code == 403


def test_it_leads_back_to_our_own_pages_only() -> None:
    response = visit.boss().post("/i18n/setlang/", {"language": "de", "next": "https://evil.example/"})

    assert response["Location"] == "/"


def test_without_a_choice_the_browser_says_the_language() -> None:
    page = Client().get("/admin/login/", headers={"Accept-Language": "de-AT,de;q=0.8,en;q=0.5"}).content.decode()

    assert '<html lang="de"' in page


def test_dates_and_numbers_follow() -> None:
    client = choose(visit.boss(), "de")
    Tag.objects.bulk_create(Tag(name=f"tag {n}") for n in range(1_100))

    assert "1100 Tags" in visit.words(client.get("/admin/contacts/tag/").content.decode()).replace(".", "")


def test_what_an_immediate_event_does_is_stored_in_the_organisations_language() -> None:
    flow = maps.attached("map.opened", make.action("a1", "contact.add_tag", tags=["VIP"]))
    person = maps.lead()

    with translation.override("de"):
        verbs.assign(person.pk, maps.a_map("T1 std a!"))

    run = maps.last_run(flow)
    assert [done.summary for done in run.actions.all()] == ["Added “VIP”."]


def test_what_staff_do_to_a_run_is_stored_in_the_organisations_language_and_told_in_theirs() -> None:
    flow = make.workflow(make.action("w", "wait.duration", days=2))
    make.tag(make.contact())
    sweeping.drain()
    [run] = make.runs(flow)

    with translation.override("de"):
        operations.skip(run, by=make.user("ana"))
        with pytest.raises(operations.NotNow, match="Dieser Durchlauf ist schon beendet"):
            operations.stop(run)

    assert [done.summary for done in run.actions.all()] == ["Left out by hand."]
    assert LogEntry.objects.get().change_message == "Left out “w”"


def test_archiving_says_so_in_the_organisations_language(settings) -> None:
    settings.LANGUAGE_CODE = "de"
    flow = make.workflow(make.action("w", "wait.duration", days=2))
    make.tag(make.contact())
    sweeping.drain()

    with translation.override("en"):
        services.archive(flow)

    [run] = make.runs(flow)
    assert run.reason == "Der Workflow wurde archiviert."


def test_names_that_kinds_declare_are_read_in_the_readers_language() -> None:
    client = choose(visit.boss(), "de")

    page = client.get("/admin/triggers/workflow/add/").content.decode()

    for words in ("Auslöser: Kontakte", "Tag hinzugefügt", "Entwurf speichern"):
        assert words in page
    assert "Contact Events" not in page


def test_what_a_visitor_or_a_program_sends_is_judged_in_the_organisations_language() -> None:
    """Staff read what was wrong, in whatever language the sender's browser asks for."""
    wanted = {"Accept-Language": "de"}
    _webhook, token = capture.mapped(mapping={"email": "contact.email", "country": "land"})
    form = capture.form("Visit us", {"label": "Country", "key": "land", "maps_to": "country"}, "E-mail")

    capture.post(token, {"contact": {"email": "anna@example.org"}, "land": "Atlantis"}, **wanted)
    told = capture.send(form, {"land": "Atlantis", "e_mail": "x"}, **wanted)

    [stored] = [row.problems for row in InboundRequest.objects.all()]
    assert "is no country" in str(stored)
    assert "Vielen Dank" in told.content.decode()
    [kept] = [row.problems for row in Submission.objects.all()]
    assert "is no country" in str(kept)

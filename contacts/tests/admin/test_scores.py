"""Score rules and limits in the admin, and the logs on the contact's page."""

import re

import pytest
from django.http import QueryDict

from contacts import services
from contacts.models import ScorePolicy, ScoreRule
from contacts.tests import make
from triggers import sweeping
from triggers.tests.admin import visit
from triggers.tests.admin.builder import posting

pytestmark = pytest.mark.django_db
BASE = "/admin/contacts/scorerule/"
ADD = f"{BASE}add/"


def test_a_rule_is_made_and_a_wrong_one_refused_at_its_fields() -> None:
    client = visit.boss()
    whole = {"name": "Wrote", "event_type": "note.added", "points": 5, "active": "on", "conditions": ""}

    refused = client.post(ADD, {**whole, "points": 0, "conditions": '{"field": "event.nothing", "op": "is"}'})
    assert set(refused.context["adminform"].form.errors) == {"points", "conditions"}
    assert not ScoreRule.objects.exists()

    client.post(ADD, whole)
    rule = ScoreRule.objects.get()
    assert (rule.name, rule.points, rule.conditions) == ("Wrote", 5, None)
    assert "Wrote Note added 5" in visit.text(client, "/admin/contacts/scorerule/")


def test_conditions_are_built_in_rows_and_a_rule_is_told_in_words() -> None:
    client = visit.boss()
    country = {"field": "contact.country", "op": "is", "value": "DE"}
    rule = ScoreRule.objects.create(name="Wrote", event_type="note.added", points=5, conditions=country)
    page = f"/admin/contacts/scorerule/{rule.pk}/change/"
    shown = client.get(page)
    assert "“Note added” gives 5 points, if country is Germany." in visit.words(shown.content.decode())
    asked = f"/admin/contacts/scorerule/{rule.pk}/rows/"

    form = posting.posted(shown.content.decode())
    posting.put_in(form, posting.post(client, asked, form, "leaf:t1~conditions"))
    form["t1~conditions-1.field"] = "contact.score"
    posting.put_in(form, posting.post(client, asked, form, "choose:t1~conditions-1"))
    form["t1~conditions-1.op"] = "lt"
    form["t1~conditions-1.value:json"] = "100"
    assert ScoreRule.objects.get().conditions == country

    posting.post(client, page, form)
    assert ScoreRule.objects.get().conditions == {
        "all": [country, {"field": "contact.score", "op": "lt", "value": 100}]
    }


def test_opening_and_saving_changes_nothing() -> None:
    client = visit.boss()
    country = {"field": "contact.country", "op": "is", "value": "DE"}
    for conditions in (None, country, {"all": [{"any": [{"not": {"all": [country, country]}}]}]}):
        rule = ScoreRule.objects.create(name="Wrote", event_type="note.added", points=5, conditions=conditions)
        page = f"/admin/contacts/scorerule/{rule.pk}/change/"

        posting.post(client, page, posting.posted(client.get(page).content.decode()))

        rule.refresh_from_db()
        assert rule.conditions == conditions


def test_a_wrong_condition_is_told_at_its_row() -> None:
    client = visit.boss()
    form = posting.posted(client.get(ADD).content.decode())
    posting.put_in(form, QueryDict("name=Wrote&event_type=note.added&points=5"))
    posting.put_in(form, posting.post(client, f"{BASE}rows/", form, "leaf:t1~conditions"))
    assert form["t1~conditions-0.field"] == ""
    form["t1~conditions-0.field"] = "contact.score"
    posting.put_in(form, posting.post(client, f"{BASE}rows/", form, "choose:t1~conditions-0"))
    form["t1~conditions-0.value:json"] = '"many"'

    answer = client.post(ADD, form.urlencode(), content_type="application/x-www-form-urlencoded")

    assert not ScoreRule.objects.exists()
    page = answer.content.decode()
    assert page.count('id="row-t1~conditions-0"') == 1
    [said] = re.findall(r'id="t1~conditions-0:errors">(.*?)</ul>', page, re.DOTALL)
    assert "Enter a number" in said


def test_rows_are_for_who_may_write_the_rule() -> None:
    rule = ScoreRule.objects.create(name="Wrote", event_type="note.added", points=5)
    reader = visit.staff("view_scorerule")

    assert reader.get(f"/admin/contacts/scorerule/{rule.pk}/change/").status_code == 200
    assert reader.post(f"/admin/contacts/scorerule/{rule.pk}/rows/", {}).status_code == 403
    assert visit.boss().get(f"/admin/contacts/scorerule/{rule.pk}/rows/").status_code == 405


def test_no_rule_is_offered_on_the_score_itself() -> None:
    page = visit.boss().get(ADD).content.decode()

    assert 'value="note.added"' in page
    assert 'value="contact.engagement_score_changed"' not in page


def test_the_limits_are_one_page() -> None:
    client = visit.boss()
    listed = "/admin/contacts/scorepolicy/"

    assert client.get(listed).url.endswith("/add/")
    client.post(f"{listed}add/", {"floor": 0, "cap": 100, "decay": "half", "decay_points": 5, "decay_days": 14})
    policy = ScorePolicy.objects.get()
    assert (policy.floor, policy.cap, policy.decay, policy.decay_days) == (0, 100, "half", 14)
    assert client.get(listed).url.endswith("/1/change/")
    refused = client.post(
        f"{listed}1/change/", {"floor": 5, "cap": 5, "decay": "none", "decay_points": 5, "decay_days": 1}
    )
    assert set(refused.context["adminform"].form.errors) == {"cap"}


def test_the_contacts_page_tells_why_the_score_and_the_flags_are_what_they_are() -> None:
    mia = make.contact()
    ScoreRule.objects.create(name="Wrote to us", event_type="note.added", points=5)
    make.note(mia)
    sweeping.drain()
    services.set_dnd(mia, ["sms"], True, services.Asked("inbound", "STOP by SMS"))
    services.adjust_score(mia, -2, "No show")

    said = visit.text(visit.boss(), f"/admin/contacts/contact/{mia.pk}/change/")

    assert "SMS STOP by SMS Off since" in said
    assert ", by the contact" in said
    assert "Engagement score 3 No show 5 → 3" in said
    assert "Wrote to us 0 → 5" in said


def test_a_score_beyond_the_limits_is_refused_at_its_field() -> None:
    ScorePolicy(cap=10).save()
    mia, client = make.contact(), visit.boss()
    page = f"/admin/contacts/contact/{mia.pk}/change/?edit=1"

    answer = client.post(page, {**filled(client, page), "score": 11})

    assert answer.context["adminform"].form.errors == {"score": ["A score is never above 10."]}


def filled(client, page: str) -> dict[str, object]:
    shown = client.get(page).context
    form = shown["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for formset in shown["inline_admin_formsets"]:
        management = formset.formset.management_form
        values |= {management.add_prefix(name): management[name].value() for name in management.fields}
    return {name: value for name, value in values.items() if value is not None}

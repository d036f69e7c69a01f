"""Score rules and limits in the admin, and the logs on the contact's page."""

import pytest

from contacts import services
from contacts.models import ScorePolicy, ScoreRule
from contacts.tests import make
from triggers import sweeping
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
ADD = "/admin/contacts/scorerule/add/"


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


def test_the_page_tells_what_conditions_may_ask_and_a_rule_in_words() -> None:
    client = visit.boss()
    country = {"field": "contact.country", "op": "is", "value": "DE"}
    rule = ScoreRule.objects.create(name="Wrote", event_type="note.added", points=5, conditions=country)

    blank = visit.text(client, ADD)
    assert "contact.lead_status lead status: open , closed , won , lost is, is_not" in blank
    assert "event.body" not in blank
    said = visit.text(client, f"/admin/contacts/scorerule/{rule.pk}/change/")
    assert "“Note added” gives 5 points, if country is DE." in said
    assert "event.body" in said


def test_a_wrong_condition_is_told_with_its_place_beside_what_may_be_asked() -> None:
    whole = {"name": "Wrote", "event_type": "note.added", "points": 5, "active": "on"}
    wrong = '{"all": [{"field": "event.bodi", "op": "is", "value": "x"}]}'

    answer = visit.boss().post(ADD, {**whole, "conditions": wrong})

    [said] = answer.context["adminform"].form.errors["conditions"]
    assert said == 'all[0].field: There is no field "event.bodi".'
    assert "event.author_id" in answer.content.decode()


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

"""What if: acts on a made-up lead by the real engine; everything that follows is told, and nothing stays."""

from typing import Any

import pytest

from contacts.models import Contact
from pipelines.models import Journey
from pipelines.tests.maps import make
from triggers.models import Event, Run
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
PAGE = "/admin/pipelines/map/what-if/"
TABLES = (Journey, Event, Run, Contact)


def counts() -> list[int]:
    return [table._base_manager.count() for table in TABLES]


def pressed(client: Any, acts: list[str], **given: Any) -> Any:
    before = counts()
    answer = client.post(PAGE, {"channel": "form", "contact": "", "acts": acts, **given})
    assert answer.status_code == 200
    assert counts() == before
    return answer


def test_acts_are_played_one_after_the_other_and_nothing_stays() -> None:
    made, client = make.a_map("T1 std a!", "V video v!", "T2 std b~"), visit.boss()
    mail = make.action("m", "email.send", subject="Hello", text="Hi", category="transactional")
    make.attached("track.opened", mail, name="Film", track=make.track("V").pk)

    first = pressed(client, [], map=made.pk, act="complete", step=make.step("T1.a").pk, value="oak")

    acts = first.context["acts"]
    told = first.context["played"].told
    assert acts == [f"act=complete&step={make.step('T1.a').pk}&value=oak"]
    assert [each.act for each in told] == ["Put into “M”", "“a” is done: oak"]
    assert [event for event in told[1].events if "ontact" not in event] == [
        "Step closed: a", "Track closed: T1", "Track opened: V", "Track opened: T2", "Step opened: v", "Step opened: b",
    ]  # fmt: skip
    assert [(ran.workflow, ran.lines) for ran in told[1].runs] == [
        ("Film", [("started", "Sends “Hello” to lead@example.org.")])
    ]  # fmt: skip
    second = pressed(client, acts, map=made.pk, act="advance")
    assert [each.act for each in second.context["played"].told][-1] == "The agent advances"
    assert "Track closed: T2" in visit.words(second.content.decode())
    back = pressed(client, second.context["acts"], map=made.pk, act="back")
    assert back.context["acts"] == acts
    assert visit.refused_by_policy(back.content.decode()) == []


def test_a_refusal_is_told_and_the_play_goes_on() -> None:
    made = make.a_map("T1 std a!", "T2 std b!")

    answer = pressed(visit.boss(), [], map=made.pk, act="advance")

    assert answer.context["played"].told[-1].refused == "“a” has to be done first."
    assert answer.context["at"].task.name == "T1"


def test_mail_to_a_lead_without_an_address_would_be_held() -> None:
    made = make.a_map("T1 std a!")
    mail = make.action("m", "email.send", subject="Hello", text="Hi", category="transactional")
    make.attached("map.opened", mail, name="Greet", map=made.pk)
    person = make.lead(email="", first_name="Bo")

    answer = visit.boss().get(PAGE, {"map": made.pk, "contact": person.pk})

    (ran,) = answer.context["played"].told[0].runs
    assert ran.lines[0][0] == "held"
    assert "Bo has no e-mail address" in ran.lines[0][1]


def test_days_pass_and_time_based_workflows_come() -> None:
    made = make.a_map("T1 std a!")
    make.attached("journey.timer", make.action("t", "task.create", title="Call"), name="Nudge", anchor="map.opened",
                  map=made.pk, delay=2)  # fmt: skip
    client = visit.boss()

    answer = pressed(client, ["act=days&days=1"], map=made.pk, act="days", days="1")

    told = answer.context["played"].told
    assert [each.act for each in told] == ["Put into “M”", "1 day passes", "1 day passes"]
    assert [[ran.workflow for ran in each.runs] for each in told] == [[], [], ["Nudge"]]


def test_the_channel_and_what_is_missing_are_told() -> None:
    made = make.a_map("T1 std a!")
    make.attached("map.opened", name="Phone only", map=made.pk, channel="phone")
    client = visit.boss()

    assert client.get(PAGE, {"map": made.pk, "channel": "form"}).context["played"].told[0].runs == []
    (ran,) = client.get(PAGE, {"map": made.pk, "channel": "phone"}).context["played"].told[0].runs
    assert ran.workflow == "Phone only"


def test_bad_input_is_told_at_its_field() -> None:
    made = make.a_map("T1 std")
    client = visit.boss()

    assert "There is no such contact." in visit.text(client, f"{PAGE}?map={made.pk}&contact=nobody@example.org")
    assert "The track “T1” has no step yet." in visit.text(client, f"{PAGE}?map={made.pk}")
    assert client.get(f"{PAGE}?map=x").context["played"] is None
    assert client.post(PAGE, {"map": made.pk, "acts": ["act=fly", "%%%", "act=complete&step=x"]}).status_code == 200


def test_it_needs_the_permission_to_see_maps() -> None:
    assert visit.staff("view_contact").get(PAGE).status_code == 403
    made, person = make.a_map("T1 std a!"), make.lead()
    looker = visit.staff("view_map", name="looker")
    assert looker.get(f"{PAGE}?map={made.pk}").status_code == 200
    assert looker.get(f"{PAGE}?map={made.pk}&contact={person.pk}").status_code == 403

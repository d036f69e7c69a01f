"""A workflow in one sentence, whatever its document looks like."""

from typing import Any

import pytest
from django.utils import translation

from triggers.tests import make
from triggers.wording import sentences
from triggers.wording.sentences import sentence, title

TAGGED = {"uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]}, "conditions": None}
GERMAN = {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]}


def act(key: str, name: str = "", **config: Any) -> dict[str, Any]:
    return {"uid": "a", "action": key, "config": config, **({"name": name} if name else {})}


def doc(*actions: Any, triggers: Any = (TAGGED,)) -> dict[str, Any]:
    return {"triggers": list(triggers), "actions": list(actions)}


def test_it_says_what_starts_it_under_which_condition_and_what_it_does() -> None:
    document = doc(
        act("email.send", "Welcome", subject="Good day"), act("task.create", title="Call {{ contact.name }}"),
        act("wait.duration", days=2), triggers=[{**TAGGED, "conditions": GERMAN}],
    )  # fmt: skip

    assert sentence(document) == (
        "When tag added (VIP) and country is Germany: send an e-mail “Welcome”, add task “Call”, wait 2 days"
    )


def test_several_triggers_are_joined_with_or() -> None:
    noted = {"uid": "t2", "event": "note.added", "config": {}, "conditions": None}

    assert sentence(doc(act("run.stop"), triggers=[TAGGED, noted])) == (
        "When tag added (VIP) or note added: end this run"
    )


def test_numbers_of_records_say_nothing_and_are_left_out() -> None:
    hook = {"uid": "t1", "event": "webhook.received", "config": {"webhooks": [3]}, "conditions": None}

    assert sentence(doc(act("run.stop"), triggers=[hook])) == "When inbound webhook received: end this run"


def test_branches_and_waits_tell_what_stands_behind_each_way() -> None:
    branch = {
        "uid": "b",
        "branch": [
            {"uid": "x", "name": "a VIP", "if": GERMAN, "then": [act("note.create", body="Look after")]},
            {"uid": "y", "if": GERMAN, "then": [act("run.stop")]},
            {"uid": "z", "if": GERMAN, "then": []},
        ],
        "else": [act("contact.add_tag", tags=["Other", "New"])],
    }
    reply = {
        **act("wait.for_event", event="message.customer_replied", days=2, hours=3),
        "outcomes": {
            "happened": [act("run.stop")],
            "timeout": [act("user.notify", text="{{ contact.name }} is silent")],
        },
    }

    assert sentence(doc(branch, reply)) == (
        "When tag added (VIP): if a VIP: add note “Look after”; if country is Germany: end this run; "
        "otherwise: add tag “Other, New”, "
        "wait 2 days 3 hours for “Customer replied”; if it happens: end this run; if not: notify staff “is silent”"
    )


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (act("wait.until", weekdays=[4], at="09:00"), "wait until Thursday 09:00"),
        (act("wait.until", field="contact.birth_date", offset_days=3), "wait until birth date"),
        (act("wait.until", date="2026-12-24"), "wait until 2026-12-24"),
        (act("goal", event="task.completed"), "goal “Task completed”"),
        (act("workflow.start", workflow="child"), "start another workflow “child”"),
        (act("http.request", url="https://erp.example.com/orders"), "HTTP request “https://erp.example.com/orders”"),
        ({**act("run.stop"), "only_if": GERMAN}, "end this run (only if country is Germany)"),
        (act("gone.action"), "gone.action"),
    ],
)
def test_each_action_in_its_own_words(action: dict[str, Any], said: str) -> None:
    assert sentence(doc(action)) == f"When tag added (VIP): {said}"


def test_long_workflows_end_in_and_so_on() -> None:
    said = sentence(doc(*[act("run.stop")] * 15))

    assert said.count("end this run") == 12
    assert said.endswith(", and so on")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "Empty"),
        ([], "Empty"),
        ({"triggers": 3, "actions": {"a": 1}}, "Empty"),
        ({"triggers": [TAGGED]}, "When tag added (VIP): nothing yet"),
        ({"actions": [act("run.stop")]}, "Nothing starts it yet: end this run"),
        ({"triggers": [{"event": None}], "actions": [{}, 7, {"action": None}]}, "When something happens: nothing yet"),
        (doc({"branch": 3}, {"branch": [4], "else": 5}, {"action": "run.stop", "outcomes": 6}),
         "When tag added (VIP): end this run"),
        (doc(act("run.stop"), triggers=[{**TAGGED, "conditions": {"field": 1}}]),
         "When tag added (VIP) and conditions that are not complete: end this run"),
        (doc(act("wait.duration", days="two", hours=True)), "When tag added (VIP): wait …"),
    ],
)  # fmt: skip
def test_a_draft_that_is_wrong_is_said_as_far_as_it_goes(document: Any, said: str) -> None:
    assert sentence(document) == said


def test_other_languages_keep_their_capitals() -> None:
    with translation.override("de"):
        assert sentence(doc(act("run.stop"))) == "Wenn Tag hinzugefügt (VIP): Diesen Durchlauf beenden"


def test_a_title_names_the_action_and_what_it_is_about() -> None:
    assert title("contact.add_tag", {"tags": ["VIP"]}) == "Add tag “VIP”"
    assert title("email.send", {"subject": "{{ contact.first_name }}, come and see"}) == "Send an e-mail “come and see”"
    assert title("email.send", {"subject": "x"}, "Welcome") == "Send an e-mail “Welcome”"
    assert title("run.stop", {}) == "End this run"


def test_each_phrase_carries_the_name_of_what_it_is_about() -> None:
    document = {
        "triggers": [{
            "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
            "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
        }],
        "actions": [{
            "uid": "w", "action": "wait.for_event", "config": {"event": "message.customer_replied", "days": 2},
            "outcomes": {"timeout": [{"uid": "a1", "action": "note.create", "config": {"body": "\ue000x\ue001\ue002"}}]},
        }],
    }  # fmt: skip

    found = sentences.parts(document)

    assert [part for part in found if part[1]] == [
        ("tag added (VIP)", "t1"), ("country is Germany", "t1?"), ("wait 2 days for “Customer replied”", "w"),
        ("add note “x”", "a1"),
    ]  # fmt: skip
    assert "".join(text for text, _name in found) == sentences.sentence(document)


def test_headings_of_cards() -> None:
    assert sentences.heading({"action": "wait.duration", "config": {"days": 2}}) == "Wait 2 days"
    assert sentences.heading({"action": "wait.duration", "config": {"days": 2}, "name": "Rest"}) == "Wait “Rest”"
    assert sentences.heading({"branch": []}) == "Branch"
    assert sentences.heading({"event": "contact.tag_added"}) == "Tag added"
    assert sentences.heading({"action": "", "config": 5}) == "New action"


def test_what_is_switched_off_is_not_said() -> None:
    task = make.action("a1", "task.create", title="Call")

    said = sentences.sentence(make.document(task, {**task, "uid": "a2", "off": True}))

    assert said == "When tag added: add task “Call”"

"""A call from the first ring to its end: what it is told, turn by turn, and what stays on record."""

from typing import Any

import pytest

from contacts.models import Contact, Task
from conversations.ivr import calls
from conversations.ivr.script import Dial, Gather, HangUp, Record, Reply, Say
from conversations.models import IvrCall
from conversations.tests.ivr.line import CALLER, NOW, OURS, heard, line, rung
from triggers.models import ActionRun, Event, Run, Workflow
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
ASK: dict[str, Any] = make.action("ask", "ivr.gather", text="Press 1 for sales.")
SALES = make.action("sales", "ivr.dial", number="+493055555")
MACHINE = make.action("machine", "ivr.record", text="Speak after the beep.", seconds=60)


def pressed_one() -> dict[str, Any]:
    return {"field": "actions.ask.digits", "op": "is", "value": "1"}


def test_the_workflow_answers_while_the_phone_rings() -> None:
    line(make.action("hello", "ivr.say", text="Good day, {{ contact.first_name | default: 'caller' }}."), ASK)

    reply = rung()

    assert reply.verbs == (
        Say("Good day, caller.", "en-GB"), Gather("Press 1 for sales.", "en-GB", 1, "#", False, 5),
    )  # fmt: skip
    assert reply.is_awaited
    contact, event = Contact.objects.get(), Event.objects.get(type="ivr.started")
    assert (contact.phone, event.contact_id, event.data["to_number"]) == (CALLER, contact.pk, OURS)


def test_what_is_pressed_decides_how_the_call_goes_on() -> None:
    branch = {
        "uid": "b",
        "branch": [{"uid": "b1", "name": "Sales", "if": pressed_one(), "then": [SALES]}],
        "else": [MACHINE],
    }
    line(ASK, branch)

    rung()
    rung("CA2", "+4930654321")

    assert heard(0, digits="1").verbs == (Dial("+493055555", 20),)
    assert heard(0, "CA2").verbs == (Record("Speak after the beep.", "en-GB", 60),)


def test_an_answer_takes_its_arm_and_what_is_said_is_at_hand() -> None:
    thanks = make.action("thanks", "ivr.say", text="You said {{ actions.ask.speech }}.")
    line({**ASK, "config": {"text": "Your name?", "speech": True, "keys": False}, "outcomes": {"answered": [thanks]}})
    rung()

    assert heard(0, speech="Anna", confidence=0.9).verbs == (Say("You said Anna.", "en-GB"),)
    done = ActionRun.objects.get(uid="ask")
    assert (done.outcome, done.result) == ("answered", {"digits": "", "speech": "Anna", "confidence": 0.9})
    assert done.summary == "The caller answered “Anna”."


def test_asked_again_a_turn_gets_the_same_reply_and_happens_once() -> None:
    line(ASK, make.action("say", "ivr.say", text="Thank you."), make.action("note", "task.create", title="Call back"))

    assert rung() == rung()
    assert heard(0, digits="1") == heard(0, digits="2") == Reply(1, (Say("Thank you.", "en-GB"),))
    drain(NOW)
    assert Event.objects.filter(type="ivr.started").count() == IvrCall.objects.count() == Task.objects.count() == 1
    assert ActionRun.objects.get(uid="ask").result["digits"] == "1"


def test_a_caller_who_hangs_up_lets_the_workflow_go_on() -> None:
    line({**ASK, "outcomes": {"hung_up": [make.action("task", "task.create", title="Missed call")]}})
    rung()

    calls.hang_up("twilio", "CA1", NOW)
    calls.hang_up("twilio", "CA1", NOW)

    assert Task.objects.get().title == "Missed call"
    assert Run.objects.get().status == "done"
    assert heard(0, digits="1") == calls.NOTHING


def test_what_is_to_be_said_after_the_end_is_left_out() -> None:
    line(make.action("wait", "wait.duration", minutes=1), make.action("late", "ivr.say", text="Still there?"))
    assert rung() == calls.NOTHING
    calls.hang_up("twilio", "CA1", NOW)

    Run.objects.update(due_at=NOW)
    drain(NOW)

    late = ActionRun.objects.get(uid="late")
    assert (late.status, late.summary) == ("skipped", "The caller has hung up.")


@pytest.mark.parametrize("turn", [-1, 1, 7])
def test_a_turn_that_was_not_asked_does_nothing(turn: int) -> None:
    line(ASK, make.action("say", "ivr.say", text="Thank you."))
    rung()

    assert heard(turn, digits="1") == calls.NOTHING
    assert heard(0, "CA9", digits="1") == calls.NOTHING
    assert ActionRun.objects.get(uid="ask").status == "waiting"


def test_one_workflow_speaks_in_a_call() -> None:
    line(make.action("a", "ivr.say", text="I was first."), name="First")
    line(make.action("b", "ivr.say", text="Me too."), name="Second")

    assert rung().verbs == (Say("I was first.", "en-GB"),)
    assert "Another workflow speaks in this call" in ActionRun.objects.get(uid="b").error


def test_only_the_number_that_was_named_starts_it() -> None:
    line(make.action("a", "ivr.say", text="Sales."), name="Sales", numbers=[OURS])

    assert rung("CA1", ours="+49301111111") == calls.NOTHING
    assert rung("CA2").verbs


@pytest.mark.parametrize("shown", ["anonymous", "Restricted", "", "+266696687x", "sip:anna@example.org"])
def test_a_hidden_number_makes_no_contact(shown: str) -> None:
    line(make.action("a", "ivr.say", text="Good day."))

    assert rung(caller=shown).verbs == (Say("Good day.", "en-GB"),)
    assert not Contact.objects.exists()


def test_a_known_caller_is_found() -> None:
    anna = make.contact(phone=CALLER)
    line(make.action("a", "ivr.say", text="Good day, {{ contact.first_name }}."), make.action("end", "ivr.hangup"))

    assert rung().verbs == (Say("Good day, Anna.", "en-GB"), HangUp())
    assert IvrCall.objects.get().contact == anna


def test_a_number_that_is_none_fails_and_the_call_ends() -> None:
    line(make.action("a", "ivr.dial", number="{{ contact.company }}"))

    assert rung() == calls.NOTHING
    assert ActionRun.objects.get().error.startswith("The call cannot be put through:")


def test_outside_a_call_nothing_is_said() -> None:
    make.workflow(make.action("a", "ivr.say", text="Hello?"))
    make.tag(make.contact())
    drain(NOW)

    assert ActionRun.objects.get().error == "No call is on. Start this workflow by the event “Incoming call”."


@pytest.mark.parametrize(
    ("action", "said", "outcome", "result"),
    [
        (SALES, {"dialled": True, "seconds": 61}, "answered", {"seconds": 61}),
        (SALES, {}, "not_answered", {"seconds": None}),
        (MACHINE, {"recording_url": "https://x/1", "seconds": 9}, "recorded", {"recording_url": "https://x/1", "seconds": 9}),
        (MACHINE, {}, "silent", {"recording_url": "", "seconds": None}),
        (ASK, {}, "silent", {"digits": "", "speech": "", "confidence": None}),
    ],
)  # fmt: skip
def test_what_became_of_each_verb(
    action: dict[str, Any], said: dict[str, Any], outcome: str, result: dict[str, Any]
) -> None:
    line(action)
    rung()

    assert heard(0, **said).verbs == ()
    done = ActionRun.objects.get()
    assert (done.outcome, done.result) == (outcome, result)
    assert Run.objects.get().status == "done"


def test_a_paused_workflow_leaves_the_call_unanswered() -> None:
    flow = line(ASK)
    rung()
    Workflow.objects.filter(pk=flow.pk).update(status="paused")

    assert heard(0, digits="1") == Reply(1, ())

from uuid import uuid4

import pytest

from conversations.models import Message
from conversations.standing import pill, state, why, with_action
from triggers.models import ActionRun, Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db


def of_a_run(status: str, /, **action: str) -> Message:
    """A message as its own row has it, and its action run in another state."""
    make.workflow(make.action("a1", "run.stop"))
    contact = make.contact()
    make.tag(contact)
    drain()
    done = ActionRun.objects.get()
    ActionRun.objects.update(**action)
    Message.objects.create(
        contact=contact, direction="out", key=done.key, status=status, reason="own", run_id=Run.objects.get().pk
    )
    return with_action(Message.objects.all()).get()


@pytest.mark.parametrize(
    ("status", "action", "shown"),
    [
        ("queued", "waiting", ("waiting", "Waiting")),
        ("queued", "cancelled", ("cancelled", "Stopped")),
        ("queued", "failed", ("failed", "Failed")),
        ("queued", "held", ("held", "Held")),
        ("queued", "uncertain", ("uncertain", "Uncertain")),
        ("queued", "running", ("pending", "Queued")),
        ("uncertain", "done", ("done", "Sent")),
        ("uncertain", "uncertain", ("uncertain", "Uncertain")),
        ("sent", "cancelled", ("done", "Sent")),
        ("suppressed", "skipped", ("skipped", "Not sent")),
    ],
)
def test_the_action_run_tells_how_an_open_message_ended(status: str, action: str, shown: tuple[str, str]) -> None:
    assert state(of_a_run(status, status=action)) == shown


def test_the_reason_is_the_action_runs_where_it_has_one() -> None:
    assert why(of_a_run("queued", status="failed", error="Gave up after 7 tries")) == "Gave up after 7 tries"
    assert why(Message.objects.get()) == "own"


def test_a_message_of_no_run_stands_for_itself() -> None:
    Message.objects.create(contact=make.contact(), direction="in", status="received", key=uuid4())

    message = with_action(Message.objects.all()).get()

    assert (state(message), why(message)) == (("ok", "Received"), "")
    assert pill(message).startswith('<span class="pill ok">')
    assert pill(message).endswith("Received</span>")

"""A test phone: staff ring a number of ours from the admin and answer as a caller would, without any provider.

Everything but the line is real: the caller becomes a contact, workflows run, and the call stands in the thread.
"""

from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction

from conversations import phoning
from conversations.gateways import CONSOLE
from conversations.ivr import calls, script
from conversations.ivr.script import Dial, Gather, Heard, Record, Reply, Verb
from conversations.models import IvrCall

PROVIDER: Final = CONSOLE


@transaction.atomic
def ring(from_number: str, to_number: str, now: datetime) -> IvrCall:
    """Rings our number; an empty number of the caller's is a hidden one. A call nobody answers is over at once."""
    call_id = f"trial-{uuid4().hex}"
    _tell(call_id, from_number, to_number, "ringing", now)
    reply = calls.ring(PROVIDER, call_id, from_number, to_number, now)
    return _after(call_id, reply, now)


@transaction.atomic
def answer(call: IvrCall, heard: Heard, now: datetime) -> IvrCall:
    """The caller answers what the call asks now."""
    return _after(call.call_id, calls.hear(PROVIDER, call.call_id, call.turn, heard, now), now)


@transaction.atomic
def hang_up(call: IvrCall, now: datetime) -> None:
    """The caller hangs up."""
    if IvrCall.objects.filter(pk=call.pk, ended_at=None).exists():
        calls.hang_up(PROVIDER, call.call_id, now)
        seconds = max(int((now - call.started_at).total_seconds()), 0)
        _tell(call.call_id, call.from_number, call.to_number, "completed", now, seconds)


def asked(call: IvrCall) -> Verb | None:
    """What the call waits for; None where it is over."""
    if call.ended_at is not None or call.provider != PROVIDER:
        return None
    told = script.reply(call.script, call.turn)
    return told.verbs[-1] if told.is_awaited else None


def heard_of(verb: Verb, given: dict[str, str]) -> Heard:
    """What was pressed, said or done, as a provider would tell it. `given` is what the page posts."""
    match verb:
        case Gather():
            # Whoever presses more keys than are asked for is cut off, as on a phone; the last key is not told.
            keys = "".join(each for each in given.get("digits", "") if each in "0123456789*#")
            pressed = keys.partition(verb.finish)[0] if verb.finish else keys
            spoken = given.get("speech", "").strip()[:2000] if verb.speech else ""
            return Heard(digits=pressed[: verb.digits], speech=spoken, confidence=1.0 if spoken else None)
        case Dial():
            return Heard(dialled=given.get("took") == "yes", seconds=30 if given.get("took") == "yes" else 0)
        case Record():
            spoke = given.get("took") == "yes"
            return Heard(
                recording_url="https://example.com/trial-recording" if spoke else "", seconds=10 if spoke else 0
            )
        case _:
            return Heard()


def _after(call_id: str, reply: Reply, now: datetime) -> IvrCall:
    call = IvrCall.objects.get(provider=PROVIDER, call_id=call_id)
    if not reply.is_awaited:
        hang_up(call, now)
        call.refresh_from_db()
    return call


def _tell(
    call_id: str, from_number: str, to_number: str, status: str, now: datetime, seconds: int | None = None
) -> None:
    told = phoning.Call(call_id, True, status, from_number, to_number, seconds)
    phoning.record(told, PROVIDER, now, now)

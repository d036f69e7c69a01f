"""What happens to a call: it rings, the caller answers, somebody hangs up.

Each is one transaction in which the workflow goes on as far as the call needs it, so that the provider has its
reply at once. Asked again, a turn gets the same reply: providers repeat a request whose answer they missed.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import phoning
from conversations.events.ivr_started import IvrStarted
from conversations.ivr import script
from conversations.ivr.script import Dial, Gather, Heard, Record, Reply
from conversations.models import IvrCall
from triggers.action_types import Done
from triggers.context import act_as
from triggers.matching import immediate
from triggers.models import Event
from triggers.outbox import emit

# No workflow asks so often; whoever comes back more often is no caller.
MAX_TURNS: Final = 200
NOTHING: Final = Reply(0, ())
SILENCE: Final = Heard()


@transaction.atomic
def ring(
    provider: str, call_id: str, from_number: str, to_number: str, now: datetime, heard: Heard = SILENCE
) -> Reply:  # fmt: skip
    """A call comes in: the workflows that `ivr.started` starts write what it is told first.

    `heard` is what was pressed and said before it came here. A caller who shows a number is found by it, or becomes a contact.
    """
    shown = phoning.e164(from_number)
    call, is_new = IvrCall.objects.get_or_create(
        provider=provider, call_id=call_id[:80],
        defaults={
            "from_number": (shown or from_number)[:60], "to_number": (phoning.e164(to_number) or to_number)[:60],
            "started_at": now, "digits": heard.digits[:64], "speech": heard.speech[:2000],
        },
    )  # fmt: skip
    if is_new:
        with act_as(actor=Event.Actor.PROVIDER, actor_id=provider, origin=f"call {call_id}"[:120]):
            call.contact = phoning.caller(shown)
            call.save(update_fields=["contact"])
            emit(
                IvrStarted(
                    ivr_call_id=call.pk, call_id=call.call_id, provider=provider, contact_id=call.contact_id,
                    from_number=call.from_number, to_number=call.to_number, digits=call.digits, speech=call.speech,
                )
            )  # fmt: skip
            call.refresh_from_db()
    return script.reply(call.script, 0)


@transaction.atomic
def hear(provider: str, call_id: str, turn: int, heard: Heard, now: datetime) -> Reply:
    """The caller answered what `turn` asked, or did not: what the call does next.

    A call that is unknown or over does nothing more; a turn that was answered before gets the same reply.
    """
    call = _locked(provider, call_id)
    if call is None or call.ended_at is not None or not 0 <= turn <= call.turn or call.turn >= MAX_TURNS:
        return NOTHING
    if turn == call.turn:
        asked = script.reply(call.script, turn)
        if not asked.is_awaited:
            return NOTHING
        call.turn += 1
        if isinstance(asked.verbs[-1], Gather):
            call.digits, call.speech = heard.digits[:64], heard.speech[:2000]
        _go_on(call, _answer(asked.verbs[-1], heard), now)
    return script.reply(call.script, turn + 1)


@transaction.atomic
def hang_up(provider: str, call_id: str, now: datetime) -> None:
    """The call is over. What still waited for the caller goes on without an answer."""
    call = _locked(provider, call_id)
    if call is not None and call.ended_at is None:
        call.ended_at = now
        _go_on(call, Done(_("The caller hung up."), {"digits": "", "speech": ""}, "hung_up"), now)


def _locked(provider: str, call_id: str) -> IvrCall | None:
    return IvrCall.objects.select_for_update().filter(provider=provider, call_id=call_id[:80]).first()


def _go_on(call: IvrCall, done: Done, now: datetime) -> None:
    """Lets the run that waits for the caller go on; it may add to the script."""
    awaited, call.awaited = call.awaited, ""
    call.save(update_fields=["turn", "awaited", "ended_at", "digits", "speech"])
    if awaited and call.run_id is not None:
        immediate.answer(call.run_id, awaited, done, now)
        call.refresh_from_db()


def _answer(asked: script.Verb, heard: Heard) -> Done:
    result: dict[str, Any]
    if isinstance(asked, Dial):
        result = {"seconds": heard.seconds}
        words = _("Put through.") if heard.dialled else _("Nobody took the call.")
        return Done(words, result, "answered" if heard.dialled else "not_answered")
    if isinstance(asked, Record):
        result = {"recording_url": heard.recording_url, "seconds": heard.seconds}
        words = _("A message was left.") if heard.recording_url else _("No message was left.")
        return Done(words, result, "recorded" if heard.recording_url else "silent")
    result = {"digits": heard.digits, "speech": heard.speech, "confidence": heard.confidence}
    said = heard.digits or heard.speech
    words = _("The caller answered “%(said)s”.") % {"said": said[:200]} if said else _("The caller said nothing.")
    return Done(words, result, "answered" if said else "silent")

"""Calls at Twilio: its questions put to the workflow that speaks, and the script put into TwiML."""

from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

from twilio.twiml.voice_response import Gather as GatherVerb
from twilio.twiml.voice_response import VoiceResponse

from conversations import phoning
from conversations.ivr import calls
from conversations.ivr.script import Dial, Gather, HangUp, Heard, Record, Reply, Say, Verb
from providers.frame import Handled, Json
from providers.reading import moment

PROVIDER: Final = "twilio"
# The statuses after which a call is over.
ENDED: Final = ("completed", "busy", "failed", "no-answer", "canceled")
# What Twilio calls a call that somebody took.
_TAKEN: Final = ("completed", "answered")


def answer(url: str, data: Json, now: datetime) -> str | None:
    """TwiML for a call that asks what to do; None where this is only a report on one.

    `url` is the address Twilio called: the number of the turn that is answered stands in its query.
    """
    sid, turn = data.get("CallSid", ""), _turn(url)
    if not sid or "CallbackSource" in data or (data.get("CallStatus") in ENDED and turn is None):
        return None
    if turn is not None:
        return twiml(calls.hear(PROVIDER, sid, turn, _heard(data), now), url)
    if data.get("Direction") != "inbound":
        return None
    return twiml(calls.ring(PROVIDER, sid, data.get("From", ""), data.get("To", ""), now, _heard(data)), url)


def report(gateway: str, data: Json, now: datetime) -> Handled:
    """A call came to a status: the contact's thread has it, and a script whose call is over is told so."""
    sid, status = data.get("CallSid", ""), data.get("CallStatus", "")
    if status in ENDED:
        calls.hang_up(PROVIDER, sid, now)
    machine = status == "completed" and data.get("AnsweredBy", "").startswith("machine")
    call = phoning.Call(
        call_id=sid, is_incoming=data.get("Direction", "inbound") == "inbound",
        status="voicemail" if machine else status, from_number=data.get("From", ""), to_number=data.get("To", ""),
        seconds=_whole(data.get("CallDuration", "")), recording_url=data.get("RecordingUrl", "")[:500],
    )  # fmt: skip
    done = phoning.record(call, gateway, moment(data.get("Timestamp")) or now, now)
    return Handled(done.message.contact_id if done.message else None, ignored=done.why)


def twiml(reply: Reply, url: str) -> str:
    """The reply as TwiML. What the caller answers comes back to the same address, with the number of the turn."""
    parts = urlsplit(url)
    back = urlunsplit((parts.scheme, parts.netloc, parts.path, f"turn={reply.turn}", ""))
    response = VoiceResponse()
    for verb in reply.verbs:
        _add(response, verb, back)
    if not reply.is_awaited and not any(isinstance(verb, HangUp) for verb in reply.verbs):
        response.hangup()
    return str(response)


def _add(response: VoiceResponse, verb: Verb, back: str) -> None:
    match verb:
        case Say(text, language):
            response.say(text, language=language)
        case Gather():
            response.append(_gather(verb, back))
        case Dial(number, seconds):
            response.dial(number, timeout=seconds, action=back)
        case Record(text, language, seconds):
            if text:
                response.say(text, language=language)
            response.record(action=back, max_length=seconds, play_beep=True)
        case HangUp():
            response.hangup()


def _gather(verb: Gather, back: str) -> GatherVerb:
    listens = [name for name, wanted in (("dtmf", verb.digits), ("speech", verb.speech)) if wanted]
    # Silence comes back as well: the workflow decides what follows it.
    gather = GatherVerb(
        input=" ".join(listens), action=back, action_on_empty_result=True, timeout=verb.seconds,
        language=verb.language, num_digits=verb.digits or None, finish_on_key=verb.finish,
        speech_timeout="auto" if verb.speech else None,
    )  # fmt: skip
    gather.say(verb.text, language=verb.language)
    return gather


def _heard(data: Json) -> Heard:
    return Heard(
        digits=data.get("Digits", "")[:64], speech=data.get("SpeechResult", "")[:2000],
        confidence=_number(data.get("Confidence", "")), dialled=data.get("DialCallStatus") in _TAKEN,
        recording_url=data.get("RecordingUrl", "")[:500],
        seconds=_whole(data.get("RecordingDuration") or data.get("DialCallDuration") or ""),
    )  # fmt: skip


def _turn(url: str) -> int | None:
    given = parse_qs(urlsplit(url).query).get("turn", [""])[0]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 5 else None


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None

"""What the actions of a call share: the call their run has, and how one more verb gets into its script."""

from datetime import timedelta
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import JsonValue

from conversations.ivr.script import MAX_SPOKEN, Verb, entry, is_awaited
from conversations.models import IvrCall
from triggers.action_types import Done, Fail, Outcome, Skip, Wait
from triggers.run_context import RunContext

Language = Literal[
    "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pl-PL", "pt-PT", "sv-SE", "da-DK", "tr-TR"
]
# What staff read for each.
VOICES: Final[dict[str, JsonValue]] = {
    "da-DK": gettext_noop("Danish"),
    "de-DE": gettext_noop("German"),
    "pt-PT": gettext_noop("Portuguese"),
    "nl-NL": gettext_noop("Dutch"),
    "en-US": gettext_noop("English, United States"),
    "sv-SE": gettext_noop("Swedish"),
    "tr-TR": gettext_noop("Turkish"),
    "en-GB": gettext_noop("English, United Kingdom"),
    "fr-FR": gettext_noop("French"),
    "pl-PL": gettext_noop("Polish"),
    "it-IT": gettext_noop("Italian"),
    "es-ES": gettext_noop("Spanish"),
}
# No call lasts longer; if the provider never told of its end, the run goes on after this.
LONGEST: Final = timedelta(hours=4)


def speak(ctx: RunContext, verb: Verb, said: str) -> Outcome:
    """Adds the verb to what the call is told now; waits where the caller is to answer. `said` is the summary."""
    call = _call_of(ctx)
    if call is None:
        return Fail(_("No call is on. Start this workflow by the event “Incoming call”."))
    if call.ended_at is not None:
        return Skip(_("The caller has hung up."))
    if call.run_id not in (None, ctx.run.pk):
        return Fail(_("Another workflow speaks in this call. Let each of your numbers start one."))
    if call.awaited:
        return Fail(_("The call waits for an answer to another action."))
    call.run_id = ctx.run.pk
    call.script = [*call.script, entry(call.turn, verb)]
    call.awaited = ctx.node.uid if is_awaited(verb) else ""
    call.save(update_fields=["run_id", "script", "awaited"])
    return Wait(ctx.now + LONGEST, said) if call.awaited else Done(said)


def spoken(ctx: RunContext, text: str) -> str:
    """The text as it is read out, its merge fields filled in."""
    return " ".join(ctx.render(text).split())[:MAX_SPOKEN]


def _call_of(ctx: RunContext) -> IvrCall | None:
    if ctx.event.type != "ivr.started":
        return None
    return IvrCall.objects.select_for_update().filter(pk=ctx.event.subject_id or 0).first()

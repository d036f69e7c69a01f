"""Closes or opens channels of the contact: do not disturb."""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts import services
from contacts.models import CHANNELS
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext

Channel = Literal["all", "email", "sms", "call", "whatsapp", "facebook", "gmb"]


@action(
    "contact.set_dnd",
    label=gettext_lazy("Set do not disturb"),
    section="Contacts",
    may_cause=("contact.changed", "contact.dnd_changed"),
    texts=("reason",),
    needs=("contacts.change_contact",),
)
class ContactSetDnd(Action):
    """Turns do not disturb on or off, for every channel or for some, and keeps the reason with the change."""

    channels: list[Channel] = Field(["all"], min_length=1, title=gettext_noop("Channels"))
    on: bool = Field(True, title=gettext_noop("Do not disturb from now on"))
    reason: str = Field("", max_length=1000, title=gettext_noop("Why"))

    def run(self, ctx: RunContext) -> Outcome:
        asked = services.Asked(reason=ctx.render_line(self.reason))
        moved = services.set_dnd(contact_of(ctx), self.channels, self.on, asked)
        if not moved:
            return Done(_("It was so already."), {"channels": []})
        return Done(_sentence(moved, self.on), {"channels": moved})

    def preview(self, ctx: RunContext) -> str:
        return _sentence(self.channels, self.on)


def _sentence(channels: list[Channel] | list[str], on: bool) -> str:
    names = dict(CHANNELS)
    everything = "all" in channels or set(channels) == set(names)
    said = _("every channel") if everything else ", ".join(str(names[name]) for name in channels)
    if on:
        return _("Turns do not disturb on: %(channels)s.") % {"channels": said}
    return _("Turns do not disturb off: %(channels)s.") % {"channels": said}

"""Do-not-disturb was switched on or off, for one channel or for all."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, ValidationInfo, field_validator

from triggers.event_types import Created, Options, event

Channel = Literal["email", "sms", "call", "whatsapp", "facebook", "gmb"]


class DndOptions(Options):
    """Who asked, and what was switched; nothing chosen means any change on any channel."""

    direction: Literal["any", "inbound", "outbound"] = Field(
        default="any",
        title=gettext_noop("Direction"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "inbound": gettext_noop("By the contact"),
                "outbound": gettext_noop("By staff or a workflow"),
            }
        },
    )
    flag: Literal["any", "enabled_all", "disabled_all", "enabled_specific", "disabled_specific"] = Field(
        default="any",
        title=gettext_noop("Do not disturb was"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "enabled_all": gettext_noop("Switched on for every channel"),
                "disabled_all": gettext_noop("Switched off for every channel"),
                "enabled_specific": gettext_noop("Switched on for one channel"),
                "disabled_specific": gettext_noop("Switched off for one channel"),
            }
        },
    )
    channels: list[Channel] = Field(default=[], title=gettext_noop("Channel"), validate_default=True)

    @field_validator("channels")
    @classmethod
    def _fit_the_flag(cls, channels: list[str], info: ValidationInfo) -> list[str]:
        flag = str(info.data.get("flag", ""))
        if flag.endswith("_specific") and not channels:
            raise ValueError(_("Choose at least one channel."))
        if flag.endswith("_all") and channels:
            raise ValueError(_("Leave the channel empty: this is about all of them at once."))
        return channels


@event("contact.dnd_changed", label=gettext_lazy("Do not disturb changed"), section="Contact Events")
class ContactDndChanged(Created, model="contacts.DndChange"):
    """Do-not-disturb was switched on or off for a contact, by the contact (inbound) or by us (outbound).

    Each channel is told by itself; all of them at once are the channel "all".
    """

    Options = DndOptions

    contact_id: int
    channel: Literal["all", "email", "sms", "call", "whatsapp", "facebook", "gmb"]
    enabled: bool
    old: bool
    direction: Literal["inbound", "outbound"]
    reason: str

    @classmethod
    def narrow(cls, options: DndOptions) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = []
        if options.direction != "any":
            found.append({"field": "event.direction", "op": "is", "value": options.direction})
        switched, _underscore, which = options.flag.partition("_")
        if which:
            found.append({"field": "event.enabled", "op": "is", "value": switched == "enabled"})
        if which == "all":
            found.append({"field": "event.channel", "op": "is", "value": "all"})
        elif options.channels:
            found.append({"field": "event.channel", "op": "is_any_of", "value": list(options.channels)})
        return {"all": found} if found else None

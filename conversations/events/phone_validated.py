"""A phone number was looked up."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from conversations.mail_events import every, leaf
from triggers.event_types import Happened, Options, event

Kind = Literal["valid", "invalid", "mobile", "landline", "voip", "unknown"]


class VerdictOptions(Options):
    """Which verdict, by whom; nothing named means any."""

    verdicts: list[Kind] = Field(default=[], title="Verdict is")
    codes: list[str] = Field(default=[], title="Error code is")
    sources: list[str] = Field(default=[], title="Found by")


@event("phone.validated", label=_("Phone number validated"), section="Event Triggers")
class PhoneValidated(Happened):
    """A contact's number was looked up, or a send was refused because of it. The same verdict again is not told.

    `source` is offline, send, or the provider that looked it up.
    """

    Options = VerdictOptions

    contact_id: int
    number: str
    verdict: str
    valid: bool
    source: str
    code: str = ""
    line_type: str = ""
    carrier: str = ""
    country: str = ""

    @classmethod
    def narrow(cls, options: VerdictOptions) -> dict[str, Any] | None:
        wanted = (("verdict", options.verdicts), ("code", options.codes), ("source", options.sources))
        return every([leaf(f"event.{name}", "is_any_of", chosen) for name, chosen in wanted if chosen])

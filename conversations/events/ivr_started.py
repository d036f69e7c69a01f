"""A call came in that a workflow may answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from triggers.event_types import Happened, Options, event


class Which(Options):
    """Which of our numbers was called; none named means any."""

    numbers: list[str] = Field(default=[], title="Our number, such as +4930123456")


@event("ivr.started", label=_("Incoming call"), section="IVR Triggers", immediate=True)
class IvrStarted(Happened):
    """A call came in, and the workflow speaks with the caller: say, ask, put through, record, hang up.

    Its actions are carried out while the caller listens. The first workflow that speaks has the call; wait for
    nothing but the caller in it, for the call ends where nothing more is said. `contact_id` is the caller, who is
    made a contact where the number is new; None where the number was hidden. `digits` and `speech` are what was
    pressed and said before the call came here, as when another menu hands it on; what is pressed and said later
    stands at `ivr_call.digits` and `ivr_call.speech`, and with each question at `actions.<uid>`.
    """

    Options = Which

    ivr_call_id: int
    call_id: str
    provider: str
    contact_id: int | None
    from_number: str
    to_number: str
    digits: str = ""
    speech: str = ""

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        wanted = options.numbers
        return {"field": "event.to_number", "op": "is_any_of", "value": wanted} if wanted else None

    def subject(self) -> tuple[str, int | None]:
        return "conversations.ivrcall", self.ivr_call_id

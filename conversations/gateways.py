"""The port to whatever carries messages other than e-mail: SMS, WhatsApp, Messenger, chat.

A gateway is found by its key: the name of a source, and of one of its accounts, such as `http:my-provider`.
Apps above fill `sources` in their `ready`; the console and HTTP gateways are our own.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from conversations.models import ChannelSetting, Message
from triggers.action_types import Outcome
from triggers.outside import exchange

CONSOLE: Final = "console"
Channel = Message.Channel
# What a gateway can carry at all; mail goes by the mail server, comments are answered where they stand.
CARRIED: Final = (
    Channel.SMS, Channel.WHATSAPP, Channel.MESSENGER, Channel.INSTAGRAM, Channel.CHAT, Channel.GMB,
)  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """How handing a message over ended: the outcome, the receiver's code and words, and the message's number there.

    `error_code` is the provider's own. `bounced`: the address itself was refused; `lasting` that it will be again.
    """

    outcome: Outcome
    code: int | None = None
    reply: str = ""
    provider_id: str = ""
    error_code: str = ""
    bounced: bool = False
    lasting: bool = False


def handed_over(post: Callable[[], Delivery]) -> Delivery:
    """What a gateway's call came to; where it ended before there was an answer, what that means."""
    taken: list[Delivery] = []

    def outcome() -> Outcome:
        taken.append(post())
        return taken[-1].outcome

    ended = exchange.outcome_of(outcome)
    return taken[-1] if taken else Delivery(ended, reply=getattr(ended, "why", ""))


class Gateway(Protocol):
    """What sends a message. `repeatable`: one that comes again with the same key is not sent twice."""

    @property
    def key(self) -> str: ...

    @property
    def channels(self) -> Collection[str]: ...

    @property
    def repeatable(self) -> bool: ...

    def receiver(self) -> str:
        """Whom limits and holds are about, as `Action.destination` has it; empty where nobody outside is called."""
        ...

    def send(self, message: Message, key: UUID, now: datetime) -> Delivery:
        """Hands the message over. `Unsure` where it may have left; raises nothing for the receiver's sake."""
        ...

    def segments(self, text: str) -> int:
        """As how many messages it is charged and sent."""
        ...


@dataclass(frozen=True)
class Source:
    """Gateways of one kind. `find` gives the account's, None where there is no such; `accounts` name and label each."""

    label: Any
    find: Callable[[str], Gateway | None]
    accounts: Callable[[], Iterable[tuple[str, str]]]


class NoGateway(LookupError):
    """No gateway goes by this key; the message says what to do."""


# By the name that the keys begin with; each app fills its own in `ready`.
sources: Final[dict[str, Source]] = {}


@dataclass(frozen=True)
class Line:
    """What a channel goes by, and from which number or account."""

    gateway: Gateway
    sender: str = ""


def find(key: str) -> Gateway:
    """The gateway of this key. Raises NoGateway."""
    name, _colon, account = key.partition(":")
    found = sources[name].find(account) if name in sources else None
    if found is None:
        raise NoGateway(_("There is no gateway “%(key)s” any more. Choose another for its channel.") % {"key": key})
    return found


def line(channel: str) -> Line:
    """What the channel goes by now: the console where nothing is set up. Raises NoGateway."""
    chosen = ChannelSetting.objects.filter(channel=channel).first()
    if chosen is None:
        return Line(find(CONSOLE))
    return Line(find(chosen.gateway or CONSOLE), chosen.sender)


def choices() -> list[tuple[str, str]]:
    """Every gateway there is, by key, as staff read it."""
    return [
        (f"{name}:{account}" if account else name, f"{source.label}: {label}" if label else str(source.label))
        for name, source in sorted(sources.items())
        for account, label in source.accounts()
    ]

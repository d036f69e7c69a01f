"""Notices to addresses and numbers that are no user's: what is wrong with them, and the text message to each."""

from collections.abc import Sequence
from uuid import uuid5

from django.core.exceptions import ValidationError

from contacts import phones
from conversations import addresses, gateways, notices, texting
from conversations.addresses import BadAddress
from conversations.gateways import NoGateway
from conversations.models import Message
from triggers.action_types import Done, Outcome, Retry, Unsure
from triggers.problems import Problem
from triggers.run_context import RunContext


def problems(mails: Sequence[str], numbers: Sequence[str]) -> list[Problem]:
    """What is wrong with them, at their places."""
    found = []
    for index, each in enumerate(mails):
        try:
            addresses.read(each)
        except BadAddress as error:
            found.append(Problem(("addresses", index), str(error)))
    for index, each in enumerate(numbers):
        try:
            phones.parse(each)
        except ValidationError as error:
            found.append(Problem(("numbers", index), " ".join(error.messages)))
    if numbers:
        try:
            gateways.line(Message.Channel.SMS)
        except NoGateway as error:
            found.append(Problem(("numbers",), str(error)))
    return found


def text(numbers: Sequence[str], said: str, ctx: RunContext) -> Outcome | None:
    """Sends the text to each number that has not had it; what went wrong, or None. Raises NoGateway."""
    trouble: Outcome | None = None
    line = gateways.line(Message.Channel.SMS) if numbers else None
    for number in notices.still_to_tell(map(phones.parse, numbers), ctx.key, ctx.now):
        assert line is not None
        message = Message(
            channel=Message.Channel.SMS, text=said[: texting.LONGEST], from_address=line.sender, to_address=number,
            gateway=line.gateway.key,
        )  # fmt: skip
        delivery = line.gateway.send(message, uuid5(ctx.key, number), ctx.now)
        if isinstance(delivery.outcome, Done):
            notices.told([number], ctx.key)
        else:
            # The others are told all the same.
            trouble = Retry(delivery.outcome.why) if isinstance(delivery.outcome, Unsure) else delivery.outcome
    return trouble

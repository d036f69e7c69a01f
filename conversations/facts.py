"""What conditions and messages may ask about a message, and about a call that a workflow answers."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models import IvrCall, Message
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts

PLAIN: Mapping[str, Kind] = {
    "subject": Kind.TEXT, "text": Kind.TEXT, "from_address": Kind.TEXT, "to_address": Kind.TEXT,
    "direction": Kind.CHOICE, "channel": Kind.CHOICE, "status": Kind.CHOICE, "category": Kind.CHOICE,
    "created_at": Kind.DATETIME, "sent_at": Kind.DATETIME,
}  # fmt: skip
OF_CALLS: Mapping[str, Kind] = {
    "digits": Kind.TEXT, "speech": Kind.TEXT, "from_number": Kind.TEXT, "to_number": Kind.TEXT,
    "started_at": Kind.DATETIME, "ended_at": Kind.DATETIME,
}  # fmt: skip
# its key, as workflows know it
OUTCOME = "disposition__key"


@facts("message", label=_("Message"))
class MessageFacts(Facts):
    """A message as it stands now."""

    def fields(self) -> Mapping[str, Field]:
        own = {name: _column(Message, name, kind) for name, kind in PLAIN.items()}
        return {**own, "disposition": Field(Kind.TEXT, _("outcome of the call"), column=OUTCOME)}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        rows = Message.objects.filter(pk__in=ids).values_list("pk", *PLAIN, OUTCOME)
        names = (*PLAIN, "disposition")
        return {pk: dict(zip(names, map(_known, values), strict=True)) for pk, *values in rows}

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        found = Message.objects.filter(rough, pk__gt=after).order_by("pk")
        return list(found.values_list("pk", flat=True)[:limit])


@facts("ivr_call", label=_("Answered call"))
class IvrCallFacts(Facts):
    """A call that a workflow answers: `digits` and `speech` are what the caller pressed and said last."""

    def fields(self) -> Mapping[str, Field]:
        return {name: _column(IvrCall, name, kind) for name, kind in OF_CALLS.items()}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        rows = IvrCall.objects.filter(pk__in=ids).values_list("pk", *OF_CALLS)
        return {pk: dict(zip(OF_CALLS, map(_known, values), strict=True)) for pk, *values in rows}

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        found = IvrCall.objects.filter(rough, pk__gt=after).order_by("pk")
        return list(found.values_list("pk", flat=True)[:limit])


def _column(model: type[models.Model], name: str, kind: Kind) -> Field:
    column: Any = model._meta.get_field(name)
    choices = tuple((str(value), str(label)) for value, label in column.flatchoices)
    return Field(kind, column.verbose_name, choices=choices, column=name)


def _known(value: Any) -> Any:
    """An empty text counts as not known."""
    return None if value == "" else value

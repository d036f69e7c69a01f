"""What staff do with connections: make one, change a secret without an outage, have a delivery done again."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from capture import mapping
from providers import frame, receiving
from providers.base import Delivery
from providers.models import Connection, ProviderDelivery
from triggers import sweeping
from triggers.api.parsers import Unreadable
from triggers.problems import Invalid, Problem, pointer
from triggers.secrets import SecretUnreadable

# How long a former secret proves deliveries beside the new one.
OVERLAP: Final = timedelta(hours=24)
# Longer than any provider's retries (reliability, R17); what waits for a person, longer.
KEEP: Final = timedelta(days=30)
KEEP_TROUBLE: Final = timedelta(days=90)
MAX_SECRET: Final = 5000
CHUNK: Final = 2000
Status = ProviderDelivery.Status
ENDED: Final = (Status.DONE, Status.IGNORED)
REPEATABLE: Final = (Status.QUARANTINED, Status.FAILED, Status.IGNORED)


def create(provider: str, name: str, *, secrets: Mapping[str, str] | None = None, **fields: Any) -> Connection:
    """A new connection. Raises ValidationError by field."""
    connection = Connection(provider=provider, name=name, **fields)
    check(connection, connection.options)
    write_secrets(connection, secrets or {})
    connection.full_clean()
    connection.save()
    return connection


def by_account(provider: str, account: str) -> Connection | None:
    """The active connection that a gateway's key names, such as the 5 of `twilio:5`."""
    known = Connection.objects.filter(provider=provider, active=True)
    return known.filter(pk=account).first() if account.isdecimal() and len(account) < 10 else None


def unset(connection: Connection) -> list[Any]:
    """What is missing before deliveries can be proven: labels of its secrets, or of its account."""
    known = connection.opened()
    missing = [each.label for each in connection.kind.secrets if each.required and not known.get(each.name)]
    if connection.kind.account_required and not connection.account_id.strip():
        missing.append(connection.kind.account_label)
    return missing


def check(connection: Connection, values: Mapping[str, Any]) -> None:
    """Sets the settings, each as its provider declares it. Raises ValidationError by field."""
    kind = connection.kind
    if not kind.key:
        raise ValidationError({"provider": _("There is no provider “%(key)s”.") % {"key": connection.provider[:40]}})
    errors: dict[str, list[str]] = {}
    declared = {each.name: each for each in kind.settings}
    for name in values.keys() - declared.keys():
        errors["settings"] = [_("%(provider)s has no setting “%(name)s”.") % {"provider": kind.label, "name": name}]
    checked = {}
    for name, field in declared.items():
        try:
            checked[name] = setting_value(field, values.get(name, field.default))
        except ValidationError as error:
            errors.setdefault("settings", []).extend(f"{name}: {message}" for message in error.messages)
    if kind.account_required and not connection.account_id.strip():
        errors["account_id"] = [_("Enter this: deliveries from any other are not taken.")]
    if errors:
        raise ValidationError(errors)
    connection.options = checked


def setting_value(field: frame.SettingField, value: Any) -> Any:
    """The value as it is kept. Raises ValidationError where it cannot be."""
    if field.kind == "yes":
        if not isinstance(value, bool):
            raise ValidationError(_("Say yes or no."))
        return value
    if field.kind == "mapping":
        problems = mapping.check(value or {})
        if problems:
            raise ValidationError([f"{pointer(each.path)}: {each.message}" for each in problems])
        return value or {}
    if not isinstance(value, str) or len(value) > 2000:
        raise ValidationError(_("Enter a text of at most 2,000 characters."))
    return value.strip()


def write_secrets(connection: Connection, given: Mapping[str, str], now: datetime | None = None) -> list[str]:
    """Sets these secrets, unsaved; those left empty stay. Names of those that changed.

    A signing secret that is replaced works for 24 h more. Raises ValidationError under the name of a secret.
    """
    declared = {each.name: each for each in connection.kind.secrets}
    errors: dict[str, list[str]] = {}
    for name, value in given.items():
        if name not in declared:
            errors[name] = [_("There is no secret of this name.")]
        elif value:
            errors |= _wrong(declared[name], value)
    if errors:
        raise ValidationError(errors)
    before = _readable(connection)
    new = {name: value.strip() for name, value in given.items() if value and before.get(name) != value.strip()}
    if any(declared[name].signs and before.get(name) for name in new):
        connection.previous_secrets = connection.secrets
        connection.previous_until = (now or timezone.now()) + OVERLAP
    if new:
        connection.secrets = json.dumps({**before, **new})
    return list(new)


def _readable(connection: Connection) -> dict[str, str]:
    """What is stored; nothing where its key is lost, so that it can be entered again."""
    try:
        return connection.opened()
    except SecretUnreadable:
        return {}


def _wrong(field: frame.SecretField, value: str) -> dict[str, list[str]]:
    if len(value) > MAX_SECRET or "\0" in value:
        return {field.name: [_("This is too long for a secret.")]}
    try:
        if field.check is not None:
            field.check(value.strip())
    except ValueError as error:
        return {field.name: [str(error)]}
    return {}


def make_secret(connection: Connection, now: datetime | None = None) -> str:
    """Gives the connection a new one of the secret that is ours to think up, and returns it. Raises `Invalid`."""
    ours = [each for each in connection.kind.secrets if each.make is not None]
    if not ours or ours[0].make is None:
        raise Invalid([Problem((), _("The secrets of this provider are made there. Enter the new one here."))])
    made = ours[0].make()
    write_secrets(connection, {ours[0].name: made}, now)
    connection.save()
    return made


def drop_former(connection: Connection) -> None:
    """The former secrets prove nothing from now on: what to do when one has leaked."""
    connection.previous_secrets, connection.previous_until = "", None
    connection.save(update_fields=["previous_secrets", "previous_until", "updated_at"])


def address(connection: Connection) -> str:
    """The whole address to enter at the provider's."""
    return settings.PUBLIC_URL + reverse("providers:receive", args=[connection.provider, connection.public_id])


def replay(deliveries: Iterable[ProviderDelivery], now: datetime | None = None) -> int:
    """Has deliveries that were not done done again, from what was kept of them; how many will be.

    What had been done is left alone: its event exists. Raises `Invalid` where none can be.
    """
    moment, count = now or timezone.now(), 0
    for delivery in deliveries:
        count += _replay(delivery, moment)
    if not count:
        raise Invalid([Problem((), _("None of these can be done again: they are done, waiting, or blanked."))])
    sweeping.wake("deliveries")
    return count


@transaction.atomic
def _replay(delivery: ProviderDelivery, now: datetime) -> int:
    held = ProviderDelivery.objects.select_for_update(of=("self",)).select_related("connection")
    row = held.filter(pk=delivery.pk, status__in=REPEATABLE).first()
    if row is None:
        return 0
    if row.body:
        return _read_again(row, now)
    if not row.data or "unread" in row.data:
        return 0
    row.status, row.due_at, row.tries, row.error, row.done_at = Status.WAITING, now, 0, "", None
    row.save(update_fields=["status", "due_at", "tries", "error", "done_at"])
    return 1


def _read_again(row: ProviderDelivery, now: datetime) -> int:
    """A body that could not be read, read by what the code knows today."""
    delivery = Delivery("POST", address(row.connection), {}, bytes(row.body or b""))
    try:
        row.connection.kind.items(delivery)
    except (Unreadable, frame.Unclear):
        return 0
    row.delete()
    return receiving.take_in(row.connection, delivery, now).new


def purge(now: datetime | None = None) -> int:
    """Deletes deliveries past their keeping, in chunks; how many."""
    moment = now or timezone.now()
    old = ProviderDelivery.objects.filter(received_at__lt=moment - KEEP, status__in=ENDED)
    older = ProviderDelivery.objects.filter(received_at__lt=moment - KEEP_TROUBLE).exclude(status=Status.WAITING)
    return _delete(old) + _delete(older)


def _delete(rows: Any) -> int:
    total = 0
    while ids := list(rows.values_list("pk", flat=True)[:CHUNK]):
        ProviderDelivery.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total

"""What is done to opportunities: the same for API, admin and workflows.

Each of these writes only what is not so already, and what it does not write fires nothing. A deal handed in is locked
and read anew; changes of it that were not saved are dropped.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import money
from contacts.custom import definitions
from pipelines.deals import cleaning
from pipelines.models import Opportunity, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Values = Mapping[str, Any]
# By field: {"old": …, "new": …}, as JSON has them; records by name, a custom field as `custom_fields.<key>`.
Changes = dict[str, dict[str, Any]]


class BackwardsError(ValidationError):
    """The stage lies before the one where the deal is, and going back was not asked for."""


@transaction.atomic
def create(values: Values, now: datetime | None = None) -> Opportunity:
    """A new opportunity, in the first stage of its pipeline unless a stage is named. Raises ValidationError by field."""
    cleaned = cleaning.clean(values)
    if "contact" not in cleaned:
        raise ValidationError({"contact": _("Choose the contact.")})
    followers = cleaned.pop("followers", [])
    custom = {key: value for key, value in (cleaned.pop("custom_fields", None) or {}).items() if value is not None}
    made = Opportunity(**cleaned, custom_fields=custom, created_at=now or timezone.now())
    made.save()
    # what it begins with is no change
    links: Any = Opportunity.followers.through
    links.objects.bulk_create([links(opportunity=made, user=user) for user in followers])
    return made


@transaction.atomic
def update(deal: Opportunity, values: Values, now: datetime | None = None) -> Changes:
    """Sets the given fields, clears those given as None; what changed. Raises ValidationError by field.

    Custom fields are merged: names not given stay, None removes one. A deal stays with its contact.
    """
    lock(deal)
    return _write(deal, values, now)


@transaction.atomic
def move(
    deal: Opportunity, stage: Any, *, back: bool = True, reopen: bool = False, now: datetime | None = None
) -> Changes:
    """Moves the deal to a stage; with `reopen` one that was closed is open again.

    Raises ValidationError; a `BackwardsError` where it is not to go back.

    Without `back` it only goes forwards within its pipeline. Where the deal is already, nothing changes.
    """
    lock(deal)
    cleaned: Stage = cleaning.clean({"stage": stage}, deal)["stage"]
    if not back and cleaned.pipeline_id == deal.pipeline_id and cleaned.place < deal.stage.place:
        words = {"stage": cleaned, "now": deal.stage}
        raise BackwardsError({"stage": _("“%(stage)s” lies before “%(now)s”, and going back is not allowed.") % words})
    return _write(deal, {"stage": cleaned, **({"status": Opportunity.Status.OPEN} if reopen else {})}, now)


def close(deal: Opportunity, status: str, reason: Any = None, now: datetime | None = None) -> Changes:
    """Marks the deal as won, lost or abandoned. Raises ValidationError by field."""
    return update(deal, {"status": status, "lost_reason": reason}, now)


def assign(deal: Opportunity, owner: "User | None") -> bool:
    """Gives the deal to a user, or to nobody; whether that was news."""
    return bool(update(deal, {"owner": owner}))


def lock(deal: Opportunity) -> None:
    deal.refresh_from_db(from_queryset=Opportunity.objects.select_for_update(of=("self",)))


def shown(deal: Opportunity, name: str) -> Any:
    """A field's value as JSON has it: records by name, money in its currency's decimals."""
    value = getattr(deal, name)
    if name == "value":
        return money.plain(value, deal.currency)
    if name == "owner":
        return value.get_username() if value else None
    if name == "followers":
        return sorted(user.get_username() for user in value.all())
    if name in ("pipeline", "stage", "lost_reason", "contact"):
        return str(value) if value else None
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write(deal: Opportunity, values: Values, now: datetime | None) -> Changes:
    cleaned = cleaning.clean(values, deal)
    if "contact" in cleaned and cleaned.pop("contact").pk != deal.contact_id:
        raise ValidationError({"contact": _("An opportunity stays with its contact. Add one for the other contact.")})
    names = {*cleaned, "pipeline"} if "stage" in cleaned else {*cleaned}
    if "status" in cleaned:
        names.add("lost_reason")
    before = {name: shown(deal, name) for name in sorted(names)}
    _put(deal, cleaned, now)
    changes = {name: {"old": old, "new": new} for name, old in before.items() if (new := shown(deal, name)) != old}
    whole = changes.pop("custom_fields", None)
    return changes | definitions.changed(whole["old"], whole["new"]) if whole else changes


def _put(deal: Opportunity, cleaned: dict[str, Any], now: datetime | None) -> None:
    followers = cleaned.pop("followers", None)
    for name, value in cleaned.items():
        if name == "custom_fields":
            merged = {} if value is None else {**deal.custom_fields, **value}
            deal.custom_fields = {key: item for key, item in merged.items() if item is not None}
        else:
            setattr(deal, name, value)
    deal.save(now=now)
    if followers is not None:
        deal.followers.set(followers)

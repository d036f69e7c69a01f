"""Taking people into groups and out of them. Each tells once, whatever the door."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.models import Group, Membership
from contacts.models import Contact

_why: ContextVar[str] = ContextVar("why a membership ends", default="")


def grant(contact: Contact, groups: Collection[Group], reason: str = "") -> list[Group]:
    """Takes a contact into groups; those it newly belongs to. Raises ValidationError at `groups` for a closed one."""
    held = set(Membership.objects.filter(contact=contact, group__in=groups).values_list("group_id", flat=True))
    missing = [group for group in groups if group.pk not in held]
    closed = [group.name for group in missing if not group.open]
    if closed:
        told = _("%(groups)s takes nobody in at present. Open it first.") % {"groups": ", ".join(closed)}
        raise ValidationError({"groups": [told]})
    with transaction.atomic():
        return [group for group in missing if _taken_in(contact, group, reason)]


def revoke(contact: Contact, groups: Collection[Group], reason: str = "") -> list[Group]:
    """Takes a contact out of groups; those it belonged to."""
    with transaction.atomic(), because(reason):
        rows = Membership.objects.select_for_update(of=("self",)).filter(contact=contact, group__in=groups)
        gone = list(rows.select_related("group").order_by("pk"))
        for row in gone:
            row.delete()
    return [row.group for row in gone]


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Memberships that end within the block say why."""
    token = _why.set(reason[:300])
    try:
        yield
    finally:
        _why.reset(token)


def why() -> str:
    """Why memberships end here; empty where nobody said."""
    return _why.get()


def _taken_in(contact: Contact, group: Group, reason: str) -> bool:
    try:
        with transaction.atomic():
            Membership.objects.create(group=group, contact=contact, reason=reason[:300])
    except IntegrityError:
        # Somebody else did a moment ago.
        return False
    return True

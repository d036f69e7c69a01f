"""Members of staff, by what a person or a program writes for one."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.texts import line

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_ID = 2**63 - 1


def user(value: Any) -> "User | None":
    """A user, their username, or their number; None for nothing. Raises ValidationError where there is none such."""
    users = get_user_model()
    if value in (None, "") or isinstance(value, users):
        return cast("User | None", value or None)
    known = users._default_manager
    if isinstance(value, int) and not isinstance(value, bool):
        found = known.filter(pk=value).first() if abs(value) <= MAX_ID else None
    else:
        found = known.filter(**{users.USERNAME_FIELD: line(value)}).first()
    if found is None:
        raise ValidationError(_("There is no user “%(user)s”.") % {"user": str(value)[:60]})
    return found

"""The three groups of staff, made at migrate and kept up with the permissions that models bring."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

# Apps whose records staff work with; the engine's own, and the connections, are for managers.
DOMAINS: Final = (
    "contacts", "pipelines", "appointments", "conversations", "capture", "communities", "courses", "commerce",
    "affiliates",
)  # fmt: skip
ENGINE: Final = "triggers"
OUTSIDE: Final = "providers"
HISTORY: Final = Q(content_type__app_label="admin", codename="view_logentry")
SECRETS: Final = ("apikey", "outgoingendpoint", "credential", "idempotencyrecord", "httpgateway", "mailaccount")


def ensure_groups(**_: Any) -> None:
    """Makes the groups that are missing and gives each the permissions it lacks; takes none away."""
    allowed: dict[str, Q] = {
        "CRM staff": Q(content_type__app_label__in=DOMAINS, codename__regex=r"^(add|change|view)_")
        | Q(content_type__app_label=ENGINE, codename__startswith="view_"),
        "CRM manager": Q(content_type__app_label__in=(*DOMAINS, ENGINE, OUTSIDE)) | HISTORY,
        "CRM auditor": Q(content_type__app_label__in=(*DOMAINS, ENGINE, OUTSIDE), codename__startswith="view_")
        | HISTORY,
    }
    for name, permissions in allowed.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*_but_secrets(name, Permission.objects.filter(permissions)))


def _but_secrets(group: str, permissions: Iterable[Permission]) -> list[Permission]:
    """Keys and credentials are the manager's alone, to see as to change."""
    return [
        permission
        for permission in permissions
        if group == "CRM manager" or permission.codename.partition("_")[2] not in SECRETS
    ]

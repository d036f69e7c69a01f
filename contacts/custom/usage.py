"""Who still needs a custom field: workflows that name it, and records that carry a value."""

import json
import re
from collections.abc import Collection, Iterable

from django.core.cache import cache
from django.db.models import Count, F, Q

from contacts.custom import carriers
from contacts.custom.kinds import Definition
from contacts.models.custom_field import ON_CONTACTS
from triggers.models import Workflow, WorkflowVersion

# Counting reads every record; the count is told a minute late.
KEPT_SECONDS = 60


def workflows(field: Definition) -> list[str]:
    """Names of the workflows whose version in force, or one that runs still follow, names the field."""
    names = "|".join(re.escape(name) for name in (field.key, field.companion) if name)
    named = re.compile(rf"custom_fields\W+(?:{names})(?![a-z0-9_])")
    in_force = WorkflowVersion.objects.filter(
        Q(workflow__current=F("pk")) | Q(run__finished_at=None, run__isnull=False)
    )
    versions = in_force.exclude(workflow__status=Workflow.Status.ARCHIVED).distinct().select_related("workflow")
    return sorted({each.workflow.name for each in versions if named.search(json.dumps(each.document))})


def carried(key: str, on: str = ON_CONTACTS) -> bool:
    """Whether any record has a value under this key."""
    return carriers.rows(on).filter(custom_fields__has_key=key).exists()


def counts(keys: Collection[str], on: str = ON_CONTACTS) -> dict[str, int]:
    """How many records carry a value of each field, in one pass over them; up to a minute old."""
    known: dict[str, int] | None = cache.get(f"custom_fields:counts:{on}")
    if known is None or not set(keys) <= known.keys():
        known = _counted(keys, on)
        cache.set(f"custom_fields:counts:{on}", known, KEPT_SECONDS)
    return known


def _counted(keys: Iterable[str], on: str) -> dict[str, int]:
    ordered = list(keys)
    columns = {f"n{place}": Count("pk", filter=Q(custom_fields__has_key=key)) for place, key in enumerate(ordered)}
    told = carriers.rows(on).exclude(custom_fields={}).aggregate(**columns) if columns else {}
    return {key: told[f"n{place}"] for place, key in enumerate(ordered)}

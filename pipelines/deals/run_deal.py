"""What the opportunity actions share: the run's deal, its values as staff write them, and how a refusal reads."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts import run_contact
from contacts.run_contact import computed
from pipelines.deals import cleaning
from pipelines.deals.cleaning import label
from pipelines.models import Opportunity, Pipeline
from triggers.problems import Path, Problem
from triggers.run_context import Gone, RunContext
from triggers.text.scan import is_marked

__all__ = ["computed", "deal_of", "label", "labels", "latest", "place_problems", "refusal", "value_problems"]

NAMESPACE: Final = "opportunity"
# Chosen apart from the other values.
PLACES: Final = ("contact", "pipeline", "stage")
SETTABLE: Final = tuple(name for name in cleaning.FIELDS if name not in PLACES)


def deal_of(ctx: RunContext) -> Opportunity:
    """The run's deal, locked: created or found earlier in the run, else its event's. Raises Gone."""
    pk = ctx.object_id(NAMESPACE)
    if pk is None:
        raise Gone(_("This run has no opportunity. Find or create one earlier in the workflow."))
    rows = Opportunity.objects.select_for_update(of=("self",))
    deal: Opportunity | None = rows.filter(pk=pk).first()
    if deal is None:
        raise Gone(_("The opportunity of this run was deleted."))
    return deal


def latest(
    contact_id: int,
    pipeline: Pipeline | None,
    *,
    name: str = "",
    statuses: Iterable[str] = ("open",),
    oldest: bool = False,
) -> Opportunity | None:
    """The contact's deal that fits, the newest of several unless the oldest is asked for."""
    rows = Opportunity.objects.filter(contact=contact_id)
    if pipeline is not None:
        rows = rows.filter(pipeline=pipeline)
    if name:
        rows = rows.filter(name__iexact=name)
    if chosen := list(statuses):
        rows = rows.filter(status__in=chosen)
    found: Opportunity | None = rows.order_by("pk" if oldest else "-pk").first()
    return found


def refusal(error: ValidationError) -> str:
    """The messages of a service that refused values, each after its field's label."""
    return run_contact.refusal(error, label)


def labels(names: Iterable[str]) -> str:
    return ", ".join(label(name) for name in names)


def place_problems(pipeline: Any, stage: Any) -> list[Problem]:
    """That pipeline or stage are not there, or do not belong together."""
    given = {name: value for name, value in (("pipeline", pipeline), ("stage", stage)) if value not in (None, "")}
    try:
        cleaning.clean(given, None if given else Opportunity())
    except ValidationError as error:
        told = error.message_dict
        return [Problem((name,), " ".join(said)) for name, said in told.items() if name in given]
    return []


def value_problems(given: Mapping[str, Any], at: Path) -> list[Problem]:
    """Unknown fields, and fixed values that the field would refuse; computed ones show when they are."""
    unknown = [Problem((*at, name), no_such_field(name)) for name in given if not _settable(name)]
    fixed = {name: value for name, value in given.items() if _settable(name) and not _is_computed(value)}
    # The deal's own status is not known here, and whether a reason fits it.
    reason = fixed.pop("lost_reason", None)
    try:
        cleaning.clean(fixed, Opportunity(currency="KWD"))
        cleaning.FIELDS["lost_reason"](reason)
    except ValidationError as error:
        told = error.message_dict if hasattr(error, "error_dict") else {"lost_reason": error.messages}
        return unknown + [Problem((*at, name), " ".join(said)) for name, said in told.items()]
    return unknown


def no_such_field(name: str) -> str:
    if name in PLACES:
        return _("Choose pipeline and stage in their own fields; the contact is the run's.")
    near = get_close_matches(name, SETTABLE, n=1)
    if near:
        return _("An opportunity has no field “%(name)s”. Is it “%(near)s”?") % {"name": name, "near": near[0]}
    return _("An opportunity has no field “%(name)s”. Fields of your own are named custom_fields.size.") % {
        "name": name
    }


def _settable(name: str) -> bool:
    return name not in PLACES and cleaning.is_field(name)


def _is_computed(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_computed(item) for item in value.values())
    if isinstance(value, list):
        return any(_is_computed(item) for item in value)
    return isinstance(value, str) and is_marked(value)

"""Which stage is meant by what was said of pipeline and stage: records, numbers or names."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.people import MAX_ID
from contacts.texts import line
from pipelines.models import Opportunity, Pipeline, Stage


def placed(pipeline: Pipeline | None, stage: Any, deal: Opportunity | None) -> Stage | None:
    """The stage where the deal, or a new one, is to be; None where it stays in its own. Raises ValidationError by field.

    A pipeline alone means its first stage, unless the deal is in that pipeline already. A stage's name counts within
    the pipeline, else within the deal's own, else where it is the only one of that name.
    """
    if stage is not None:
        found = _found(stage, pipeline, deal)
        if found is None:
            raise ValidationError({"stage": _missing(stage, pipeline)})
        if pipeline is not None and found.pipeline_id != pipeline.pk:
            words = {"stage": found, "pipeline": pipeline, "own": found.pipeline}
            told = _("“%(stage)s” is a stage of “%(own)s”, not of “%(pipeline)s”.") % words
            raise ValidationError({"stage": told})
        return found
    if pipeline is not None:
        return None if deal is not None and deal.pipeline_id == pipeline.pk else _first(pipeline)
    if deal is None:
        raise ValidationError({"stage": _("Choose the pipeline, or a stage of one.")})
    return None


def _first(pipeline: Pipeline) -> Stage:
    first = pipeline.stages.order_by("position", "id").first()
    if first is None:
        raise ValidationError({"pipeline": _("“%(name)s” has no stages yet. Add one first.") % {"name": pipeline}})
    return first


def _found(wanted: Any, pipeline: Pipeline | None, deal: Opportunity | None) -> Stage | None:
    if isinstance(wanted, Stage):
        return wanted
    rows = Stage.objects.select_related("pipeline").order_by("pipeline", "position", "id")
    if isinstance(wanted, int):
        return rows.filter(pk=wanted).first() if abs(wanted) <= MAX_ID else None
    named = rows.filter(name__iexact=line(wanted))
    if pipeline is not None:
        return named.filter(pipeline=pipeline).first()
    own = named.filter(pipeline=deal.pipeline_id).first() if deal is not None and deal.pipeline_id else None
    several = list(named[:2])
    return own or (several[0] if len(several) == 1 else None)


def _missing(value: Any, pipeline: Pipeline | None) -> str:
    words = {"name": str(value)[:60], "pipeline": pipeline}
    if pipeline is None:
        return _("There is no stage “%(name)s”, or more than one. Name its pipeline too.") % words
    words["names"] = ", ".join(pipeline.stages.order_by("position", "id").values_list("name", flat=True)[:20])
    return _("“%(pipeline)s” has no stage “%(name)s”. Its stages: %(names)s.") % words

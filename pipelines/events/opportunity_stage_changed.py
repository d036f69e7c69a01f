"""An opportunity moved to another stage."""

from collections.abc import Sequence
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from pipelines.deals.telling import DealOptions, Told, every, leaf, narrow, texts_of
from pipelines.keys import PipelineNumber, StageNumber
from pipelines.models import Stage
from triggers.event_types import Changed, Row, event

Direction = Literal["forwards", "backwards", "other pipeline"]


class StageOptions(DealOptions):
    """From which stage to which, and in what direction; nothing named means any."""

    from_stages: list[StageNumber] = Field(default=[], title=gettext_noop("From stage"))
    to_stages: list[StageNumber] = Field(default=[], title=gettext_noop("To stage"))
    from_pipelines: list[PipelineNumber] = Field(default=[], title=gettext_noop("From pipeline"))
    direction: Literal["any", "forwards", "backwards", "other pipeline"] = Field(
        default="any",
        title=gettext_noop("Direction"),
        json_schema_extra={
            "labels": {
                "any": gettext_noop("Any"),
                "forwards": gettext_noop("Forwards"),
                "backwards": gettext_noop("Backwards"),
                "other pipeline": gettext_noop("To another pipeline"),
            }
        },
    )


@event("opportunity.stage_changed", label=_("Pipeline stage changed"), section="Opportunity Triggers")
class OpportunityStageChanged(Told, Changed, model="pipelines.Opportunity", watch=("stage",)):
    """An opportunity moved to another stage, forwards or backwards, by hand or by a workflow; each time anew."""

    Options = StageOptions

    old_stage_id: int
    old_stage: str
    new_stage_id: int
    new_stage: str
    old_pipeline_id: int
    direction: Direction
    days_in_old_stage: int

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"entered_stage_at"}

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        texts = texts_of(rows)
        stages = Stage.objects.in_bulk({pk for row in rows for pk in _ends(row)})
        return {row.pk: texts[row.pk] | _moved(row, *(stages[pk] for pk in _ends(row))) for row in rows}

    @classmethod
    def narrow(cls, options: StageOptions) -> dict[str, Any] | None:
        found = narrow(options)
        for field, wanted in (
            ("old_stage_id", options.from_stages), ("new_stage_id", options.to_stages),
            ("old_pipeline_id", options.from_pipelines),
        ):  # fmt: skip
            if wanted:
                found.append(leaf(f"event.{field}", "is_any_of", wanted))
        if options.direction != "any":
            found.append(leaf("event.direction", "is", options.direction))
        return every(found)


def _ends(row: Row) -> tuple[int, int]:
    """The stages it came from and went to."""
    return (row.before or {})["stage"], row.after["stage"]


def _moved(row: Row, old: Stage, new: Stage) -> dict[str, Any]:
    until = row.after["entered_stage_at"]
    # not written, and so not read before, where it moves in the moment in which it came
    since = (row.before or {}).get("entered_stage_at", until)
    direction: Direction = "forwards" if old.place < new.place else "backwards"
    return {
        "old_stage_id": old.pk, "old_stage": old.name, "new_stage_id": new.pk, "new_stage": new.name,
        "old_pipeline_id": old.pipeline_id, "days_in_old_stage": max((until - since).days, 0),
        "direction": direction if old.pipeline_id == new.pipeline_id else "other pipeline",
    }  # fmt: skip

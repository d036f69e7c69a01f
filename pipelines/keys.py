"""How pipelines, stages, reasons, maps, tracks and steps are named in workflow documents: `kitchens.offer_sent`.

What a row belongs to stands before its own key. Rows are few: staff define them.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from django.utils.translation import gettext_lazy as _

from triggers import references
from triggers.references import Reference

PipelineNumber = Annotated[int, Reference("pipelines.pipeline")]
StageNumber = Annotated[int, Reference("pipelines.stage")]
ReasonNumber = Annotated[int, Reference("pipelines.lostreason")]
MapNumber = Annotated[int, Reference("pipelines.map")]
TrackNumber = Annotated[int, Reference("pipelines.track")]
StepNumber = Annotated[int, Reference("pipelines.step")]
# of actions that take a name as well
PipelineNamed = Annotated[int, Reference("pipelines.pipeline", or_name=True)] | str
StageNamed = Annotated[int, Reference("pipelines.stage", or_name=True)] | str

# model label → the columns that its key is put together from, and what is said where there is none
COLUMNS: Final[Mapping[str, tuple[tuple[str, ...], object]]] = {
    "pipelines.pipeline": (("key",), _("There is no pipeline “%(key)s”. It may have been deleted; choose another.")),
    "pipelines.stage": (
        ("pipeline__key", "key"), _("There is no stage “%(key)s”. It may have been deleted; choose another."),
    ),
    "pipelines.lostreason": (
        ("outcome", "key"), _("There is no reason “%(key)s”. It may have been deleted; choose another."),
    ),
    "pipelines.map": (("key",), _("There is no map “%(key)s”. It may have been deleted; choose another.")),
    "pipelines.track": (
        ("map__key", "key"), _("There is no track “%(key)s”. It may have been deleted; choose another."),
    ),
    "pipelines.step": (
        ("track__map__key", "track__key", "key"),
        _("There is no step “%(key)s”. It may have been deleted; choose another."),
    ),
}  # fmt: skip
STEPS: Final = "journey.steps."


def register() -> None:
    for label, (columns, missing) in COLUMNS.items():
        references.keyed_by(label, columns, missing, STEPS if label == "pipelines.step" else "")

"""The names of pipelines, stages, reasons, maps, tracks and steps, for settings and conditions that hold their numbers."""

from django.db.models import QuerySet

from pipelines.models import LostReason, Map, Pipeline, Stage, Step, Track
from triggers import choices


def register() -> None:
    pipelines, maps = Pipeline.objects.order_by("name"), Map.objects.order_by("name")
    choices.register(
        "pipeline", lambda: choices.of_records(pipelines.all(), "pk", "name"),
        open=True, model="pipelines.pipeline",
    )  # fmt: skip
    choices.register(
        "stage", lambda: _within(Stage.objects.order_by("pipeline__name", "position"), "pipeline__name"),
        open=True, model="pipelines.stage",
    )  # fmt: skip
    reasons = LostReason.objects.order_by("name")
    choices.register(
        "lost reason", lambda: choices.of_records(reasons.all(), "pk", "name"),
        model="pipelines.lostreason",
    )  # fmt: skip
    choices.register("map", lambda: choices.of_records(maps.all(), "pk", "name"), model="pipelines.map")
    tracks, steps = Track.objects.order_by("map__name", "pk"), Step.objects.order_by("track__map__name", "pk")
    choices.register("track", lambda: _within(tracks.all(), "map__name"), model="pipelines.track")
    choices.register("step", lambda: _within(steps.all(), "track__name"), model="pipelines.step")


def _within(rows: "QuerySet[Stage] | QuerySet[Track] | QuerySet[Step]", owner: str) -> list[choices.Choice]:
    """Rows whose names are only unique within what they belong to: Kitchens: Offer sent."""
    found = rows.values_list("pk", owner, "name")[: choices.MOST]
    return [(pk, f"{above}: {name}") for pk, above, name in found]

"""What journeys keep about people: where they stood, and what was entered in steps."""

from pipelines.models import Journey, JourneyStep, JourneyTimer, JourneyTrack, LoopStop
from triggers import privacy
from triggers.privacy import Blank, Delete, Holding, Keep


def register() -> None:
    privacy.register(
        Holding(
            "journeys", "pipelines.Journey", lambda who: Journey.objects.filter(contact__in=who.ids),
            Blank({"reason": ""}), told=("map", "status", "outcome", "reason", "opened_at", "closed_at", "left_at"),
        ),
        Holding(
            "journey tracks", "pipelines.JourneyTrack",
            lambda who: JourneyTrack.objects.filter(journey__contact__in=who.ids), Keep(),
        ),
        Holding(
            "journey steps", "pipelines.JourneyStep",
            lambda who: JourneyStep.objects.filter(journey__contact__in=who.ids), Blank({"value": None, "attempts": []}),
            told=("name", "status", "value", "attempts", "opened_at", "closed_at", "watched_at"),
        ),
        Holding(
            "journey timers", "pipelines.JourneyTimer",
            lambda who: JourneyTimer.objects.filter(journey__contact__in=who.ids), Delete(),
        ),
        Holding(
            "stopped loops", "pipelines.LoopStop", lambda who: LoopStop.objects.filter(journey__contact__in=who.ids),
            Keep(),
        ),
    )  # fmt: skip

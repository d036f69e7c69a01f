"""What conditions and messages may ask about a lead's journey."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from pipelines.models import Journey, JourneyStep, JourneyTrack, Step
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts

STEPS: Final = "steps"


@facts("journey", label=_("Journey"))
class JourneyFacts(Facts):
    """Where the lead stands in its map. The value of a step is `journey.steps.<its number>`."""

    def fields(self) -> Mapping[str, Field]:
        statuses = tuple((str(value), label) for value, label in Journey.Status.choices)
        outcomes = tuple((str(value), label) for value, label in Contact.LeadStatus.choices if value != "open")
        channels = tuple((str(value), label) for value, label in Contact.Channel.choices)
        return {
            "id": Field(Kind.REF, _("journey"), column="pk"),
            "map": Field(Kind.TEXT, _("map"), column="map__name"),
            "status": Field(Kind.CHOICE, _("state"), statuses, column="status"),
            "outcome": Field(Kind.CHOICE, _("outcome"), outcomes, column="outcome"),
            "channel": Field(Kind.CHOICE, _("came in by"), channels, column="channel"),
            "is_current": Field(Kind.YESNO, _("the lead stands in it"), column="is_current"),
            "is_ready": Field(Kind.YESNO, _("ready to close")),
            "opened_at": Field(Kind.DATETIME, _("opened"), column="opened_at"),
            "open_tracks": Field(Kind.SET, _("open tracks")),
            "closed_tracks": Field(Kind.SET, _("closed tracks")),
            "open_steps": Field(Kind.SET, _("steps to do")),
        }

    def own_fields(self) -> Mapping[str, Field]:
        steps = Step.objects.filter(deleted_at=None).values_list("pk", "name", "track__name")
        return {f"{STEPS}.{pk}": Field(Kind.ANY, f"{track}: {name}") for pk, name, track in steps}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        tracks, steps = _tracks(ids), _steps(ids)
        found = {}
        for journey in Journey.objects.filter(pk__in=ids).select_related("map"):
            mine = steps[journey.pk]
            found[journey.pk] = {
                "id": journey.pk, "map": journey.map.name, "status": journey.status,
                "outcome": journey.outcome or None, "channel": journey.channel or None,
                "is_current": journey.is_current, "is_ready": journey.ready_at is not None,
                "opened_at": journey.opened_at,
                "open_tracks": tracks[journey.pk, JourneyTrack.Status.OPEN],
                "closed_tracks": tracks[journey.pk, JourneyTrack.Status.CLOSED],
                "open_steps": {name for _step, name, status, _value in mine if status == JourneyStep.Status.OPEN},
                **{f"{STEPS}.{step}": value for step, _name, _status, value in mine if value is not None},
            }  # fmt: skip
        return found

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(Journey.objects.filter(pk__in=ids).values_list("pk", flat=True))

    def count(self, rough: Q) -> int:
        found: int = Journey.objects.filter(rough).count()
        return found

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        return list(Journey.objects.filter(rough, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])


def _tracks(ids: Collection[int]) -> dict[tuple[int, str], set[str]]:
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for journey, status, name in JourneyTrack.objects.filter(journey__in=ids).values_list("journey", "status", "name"):
        found[journey, status].add(name)
    return found


def _steps(ids: Collection[int]) -> dict[int, list[tuple[int, str, str, Any]]]:
    found: dict[int, list[tuple[int, str, str, Any]]] = defaultdict(list)
    rows = JourneyStep.objects.filter(journey__in=ids).values_list("journey", "step", "name", "status", "value")
    for journey, *row in rows:
        found[journey].append(tuple(row))  # type: ignore[arg-type]
    return found

"""The board: a pipeline's open deals by stage, and what was won this month. Queries grow with the lanes, not the deals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import money
from contacts.models import Task
from pipelines.models import Opportunity, Pipeline, Stage
from triggers.models.organisation import Organisation
from triggers.wording import moments

# How many cards a lane shows at first, and how many more each time.
PER_LANE: Final = 12
MOST_SHOWN: Final = 300
WON: Final = "won"


@dataclass(frozen=True)
class Asked:
    """What the board is narrowed to, and how many cards of which lane are to be seen beyond the first."""

    owner: int | None = None
    nobodys: bool = False
    activity: str = ""
    words: str = ""
    shown: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """A deal as its card shows it: `told` is the one thing to know about it now."""

    deal: Opportunity
    value: str
    told: str
    is_stale: bool


@dataclass(frozen=True)
class Lane:
    """A stage with its first cards; `key` is the stage's number, or "won"."""

    key: str
    name: str
    colour: str
    count: int
    totals: str
    cards: list[Card]

    @property
    def hidden(self) -> int:
        return max(self.count - len(self.cards), 0)


@dataclass(frozen=True)
class Board:
    """The lanes, and what they come to; currencies are never added together."""

    lanes: list[Lane]
    count: int
    totals: str
    won_totals: str
    stale: int


def board(pipeline: Pipeline, asked: Asked, now: datetime) -> Board:
    """The board of a pipeline as it stands."""
    stages = list(pipeline.stages.order_by("position", "id"))
    deals = narrowed(Opportunity.objects.filter(pipeline=pipeline), asked, stages, now)
    opened, won = deals.filter(status=Opportunity.Status.OPEN), won_this_month(deals, now)
    sums = _sums(opened, "stage")
    rows = {str(stage.pk): _first(opened.filter(stage=stage), str(stage.pk), asked) for stage in stages}
    rows[WON] = _first(won, WON, asked, "-closed_at")
    tasks = next_tasks([deal for found in rows.values() for deal in found])
    by_stage = {stage.pk: stage for stage in stages}
    lanes = [_lane(stage, sums.get(stage.pk, {}), rows[str(stage.pk)], tasks, by_stage, now) for stage in stages]
    won_sums = _sums(won, "status").get(WON, {})
    lanes.append(
        Lane(
            WON, _("Won"), "", _counted(won_sums), _told(won_sums),
            [card(deal, by_stage, tasks, now) for deal in rows[WON]],
        )
    )  # fmt: skip
    whole: dict[str, tuple[int, Any]] = {}
    for found in sums.values():
        for currency, (count, value) in found.items():
            before = whole.get(currency, (0, 0))
            whole[currency] = (before[0] + count, before[1] + (value or 0))
    stale = opened.filter(is_stale(stages, now)).count()
    return Board(lanes, _counted(whole), _told(whole), _told(won_sums), stale)


def narrowed(
    deals: "QuerySet[Opportunity]", asked: Asked, stages: list[Stage], now: datetime
) -> "QuerySet[Opportunity]":
    """The deals that the board's filters let through."""
    if asked.owner is not None or asked.nobodys:
        deals = deals.filter(owner=asked.owner)
    if asked.activity == "stale":
        deals = deals.filter(is_stale(stages, now))
    elif asked.activity == "active":
        deals = deals.exclude(is_stale(stages, now))
    for word in asked.words.split()[:5]:
        columns = ("name", "contact__first_name", "contact__last_name", "contact__company", "contact__email")
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": word})
        deals = deals.filter(found)
    return deals


def is_stale(stages: list[Stage], now: datetime) -> Q:
    """Open deals without activity for longer than their stage allows."""
    found = Q(pk__in=[])
    for stage in stages:
        if stage.rotting_days:
            found |= Q(stage=stage, last_activity_at__lte=now - timedelta(days=stage.rotting_days))
    return found & Q(status=Opportunity.Status.OPEN)


def won_this_month(deals: "QuerySet[Opportunity]", now: datetime) -> "QuerySet[Opportunity]":
    """What was won since the month began, where the organisation is."""
    here = now.astimezone(Organisation.get().zone)
    begin = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return deals.filter(status=Opportunity.Status.WON, closed_at__gte=begin)


def card(deal: Opportunity, stages: Mapping[int, Stage], tasks: Mapping[int, Task], now: datetime) -> Card:
    value = money.shown(deal.value, deal.currency)
    stage = stages.get(deal.stage_id)
    idle = (now - deal.last_activity_at).days
    opened = deal.status == Opportunity.Status.OPEN
    if opened and stage is not None and stage.rotting_days and idle >= stage.rotting_days:
        told = ngettext("No activity for %(n)d day", "No activity for %(n)d days", idle) % {"n": idle}
        return Card(deal, value, told, True)
    task = tasks.get(deal.contact_id)
    if opened and task is not None:
        when = moments.short_day(task.due_on) if task.due_on else moments.short(task.due_at, now)
        return Card(deal, value, f"{task.title} {when}", False)
    return Card(deal, value, since_words(deal, now), False)


def since_words(deal: Opportunity, now: datetime) -> str:
    """How long it has been where it is."""
    if deal.closed_at is not None:
        return _("Closed %(when)s") % {"when": moments.short(deal.closed_at, now)}
    days = (now - deal.entered_stage_at).days
    return ngettext("%(n)d day in stage", "%(n)d days in stage", days) % {"n": days} if days else _("Since today")


def next_tasks(deals: list[Opportunity]) -> dict[int, Task]:
    """The contact's open task that is due first, by contact."""
    ids = {deal.contact_id for deal in deals if deal.status == Opportunity.Status.OPEN}
    found: dict[int, Task] = {}
    rows = Task.objects.filter(contact__in=ids, completed_at=None, due_at__isnull=False) if ids else []
    for task in rows.order_by("-due_at") if ids else ():  # type: ignore[union-attr]
        assert task.contact_id is not None
        found[task.contact_id] = task
    return found


def _first(
    deals: "QuerySet[Opportunity]", key: str, asked: Asked, order: str = "-entered_stage_at"
) -> list[Opportunity]:
    count = min(max(asked.shown.get(key, PER_LANE), PER_LANE), MOST_SHOWN)
    return list(deals.select_related("contact", "owner").order_by(order, "-id")[:count])


def _lane(
    stage: Stage, sums: Mapping[str, tuple[int, Any]], rows: list[Opportunity], tasks: Mapping[int, Task],
    stages: Mapping[int, Stage], now: datetime,
) -> Lane:  # fmt: skip
    cards = [card(deal, stages, tasks, now) for deal in rows]
    return Lane(str(stage.pk), stage.name, stage.colour, _counted(sums), _told(sums), cards)


def _sums(deals: "QuerySet[Opportunity]", by: str) -> dict[Any, dict[str, tuple[int, Any]]]:
    """Count and value by a column's value and currency."""
    found: dict[Any, dict[str, tuple[int, Any]]] = {}
    rows = deals.order_by().values_list(by, "currency").annotate(n=Count("pk"), sum=Sum("value"))
    for key, currency, count, value in rows:
        found.setdefault(key, {})[currency] = (count, value)
    return found


def _counted(sums: Mapping[str, tuple[int, Any]]) -> int:
    return sum(count for count, _value in sums.values())


def _told(sums: Mapping[str, tuple[int, Any]]) -> str:
    return money.totals({currency: value for currency, (_count, value) in sums.items()})

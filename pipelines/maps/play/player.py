"""Plays a scenario: does its acts, and tells the events and runs of each. What is expected is not looked at here."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import services
from pipelines.maps import timers, verbs
from pipelines.maps.moment import standing_at
from pipelines.maps.play.log import Log
from pipelines.maps.play.notation import BadScenario, Binding, Scenario, StepLine
from pipelines.maps.play.stage import Stage
from triggers import scanning
from triggers.matching import immediate
from triggers.models import Event
from triggers.problems import Invalid

DAY = timedelta(days=1)


class Player:
    """A stage, the clock of the play, and what has happened so far."""

    def __init__(self, scenario: Scenario) -> None:
        self.ahead = timedelta(0)
        with standing_at(self.now):
            self.stage = Stage.build(scenario)
        self.log = Log(self.stage)

    @property
    def now(self) -> datetime:
        return timezone.now() + self.ahead

    def play(self, act: str) -> dict[str, Any]:
        """One act: `{"act", "events"}`, or `{"act", "rejected", "why"}` where it was refused."""
        try:
            with transaction.atomic(), standing_at(self.now):
                self._do(act)
        except Invalid as refused:
            return {"act": act, "rejected": True, "why": "; ".join(each.message for each in refused.problems)}
        except ValidationError as refused:
            return {"act": act, "rejected": True, "why": "; ".join(refused.messages)}
        return {"act": act, "events": self.log.note(self.now)}

    def _do(self, act: str) -> None:
        verb, _space, rest = act.partition(" ")
        deed = getattr(self, f"_{verb}", None)
        if deed is None or verb not in ACTS:
            raise BadScenario(_("“%(act)s” is no act.") % {"act": act})
        deed(rest.strip())

    def _assign(self, name: str) -> None:
        verbs.assign(self.stage.lead_id, self.stage.map(name))

    def _complete(self, rest: str) -> None:
        step, _space, value = rest.partition(" ")
        verbs.complete(self.stage.lead_id, self.stage.step(step), value.strip() or None)

    def _watch(self, name: str) -> None:
        verbs.watch(self.stage.lead_id, self.stage.step(name))

    def _change(self, rest: str) -> None:
        step, _space, value = rest.partition(" ")
        verbs.change(self.stage.lead_id, self.stage.step(step), value.strip() or None)

    def _uncheck(self, name: str) -> None:
        verbs.uncheck(self.stage.lead_id, self.stage.step(name))

    def _advance(self, _rest: str) -> None:
        verbs.advance(self.stage.lead_id)

    def _field(self, rest: str) -> None:
        name, _equals, value = rest.partition("=")
        services.update(self.stage.lead(), {self.stage.field(name.strip()): value.strip() or None})

    def _status(self, status: str) -> None:
        services.update(self.stage.lead(), {"lead_status": status})

    def _email(self, _added: str) -> None:
        services.update(self.stage.lead(), {"email": "lead@example.org"})

    def _resubmit(self, _rest: str) -> None:
        """The form looks the lead up, and only a new one would be put into a map."""
        lead = self.stage.lead()
        _found, is_new = services.find_or_create({"external_id": lead.external_id}, {"first_name": lead.first_name})
        assert not is_new

    def _tick(self, days: str) -> None:
        for _day in range(int(days)):
            self.ahead += DAY
            with standing_at(self.now):
                scanning.scan(timers.TYPE, self.now)
                due = Event.objects.filter(type=timers.TYPE, contact_id=self.stage.lead_id, matched_at=None)
                immediate.carry_out(list(due.order_by("pk")), self.now)

    def _bind(self, rest: str) -> None:
        self.stage.bind(Binding.read(rest))

    def _edit(self, rest: str) -> None:
        name, verb, *steps = rest.split()
        for track in self.stage.all_tracks(name):
            for text in steps:
                line = StepLine.read(text)
                if verb == "add":
                    self.stage.add_step(track, line)
                elif verb in ("remove", "delete"):
                    self.stage.step_of(track, line.name).hide()
                else:
                    raise BadScenario(_("“%(act)s” is no act.") % {"act": f"edit {rest}"})


ACTS = (
    "assign", "complete", "watch", "change", "uncheck", "advance", "field", "status", "email", "resubmit", "tick",
    "bind", "edit",
)  # fmt: skip

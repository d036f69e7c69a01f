"""The running act: everything that one change of a lead sets off, in one transaction and one order.

An act is a sequence of moments. A moment records its events; their workflows run at once, and whatever
they ask for joins the act (`asked`). When the moment is complete, what is due goes on in this order: steps
that flex brought back, exits, further acts of workflows, mirror steps whose field is filled, tracks that are
complete, and the wave after a task track. An exit ends the journey, and with it all that was still due.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Self

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.models import Contact
from pipelines.maps import mirrors, telling, timers, waves
from pipelines.maps.moment import present
from pipelines.maps.refusal import Refused
from pipelines.maps.timing import TimerOptions
from pipelines.models import Journey, JourneyStep, JourneyTrack
from triggers import outbox
from triggers.context import Acting, act_as, acting
from triggers.problems import Invalid

log = logging.getLogger(__name__)

Deed = Callable[[], None]

_running: ContextVar[tuple["Act", ...]] = ContextVar("running", default=())


def running(contact_id: int) -> "Act | None":
    """The act that this code is part of, where it is this lead's."""
    return next((act for act in _running.get() if act.contact.pk == contact_id), None)


@contextmanager
def acting_on(contact_id: int, now: datetime | None = None) -> Iterator["Act"]:
    """The lead's running act, or a new one, carried through when the block ends. Raises Refused."""
    found = running(contact_id)
    if found is not None:
        yield found
        return
    with transaction.atomic():
        act = Act.begin(contact_id, now or present())
        token = _running.set((*_running.get(), act))
        try:
            yield act
            act.carry_through()
        finally:
            _running.reset(token)


class Act:
    """One act on one lead. The lead's row is locked first, then the journey's, always in this order."""

    def __init__(self, contact: Contact, journey: Journey | None, now: datetime) -> None:
        self.contact, self.journey, self.now = contact, journey, now
        # The map the lead stands in counts as entered.
        self.entered = {journey.map_id} if journey is not None else set()
        self.exits: deque[Deed] = deque()
        self.rules: dict[str, TimerOptions] | None = None
        self.last_event = 0
        self.is_moving_status = False
        self.is_carrying = False
        self._forget()

    @classmethod
    def begin(cls, contact_id: int, now: datetime) -> Self:
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is None:
            raise Refused(_("The lead is gone."))
        current = Journey.objects.select_for_update(of=("self",)).select_related("map")
        return cls(contact, current.filter(contact=contact, is_current=True).first(), now)

    def _forget(self) -> None:
        """Nothing more is due in this journey."""
        self.asked: deque[Deed] = deque()
        self.brought_back: list[int] = []
        self.changed: set[str] = set()
        self.fresh: set[int] = set()
        self.touched: set[int] = set()
        self.follows: JourneyTrack | None = None

    def stand_in(self, journey: Journey) -> None:
        """From here on the act is about this journey."""
        self._forget()
        self.journey = journey
        self.entered.add(journey.map_id)

    def open_journey(self) -> Journey:
        """The journey, open. Raises Refused."""
        if self.journey is None:
            raise Refused(_("This lead is in no map. Put it into one first."))
        if not self.journey.is_open:
            raise Refused(_("The lead is closed. Open it again to go on."))
        return self.journey

    # What runs now or later

    def leave_by(self, exit_: Deed) -> None:
        """An exit, when the moment is complete. One that a workflow asks for and that is refused stops nothing else."""
        self.exits.append(partial(_as, acting(), self._contained(exit_) if self.is_carrying else exit_))

    def ask(self, deed: Deed) -> None:
        """A further act: at once, or when the moment is complete where a workflow asks for it."""
        if self.is_carrying:
            self.asked.append(partial(_as, acting(), self._contained(deed)))
        else:
            deed()

    def carry_through(self) -> None:
        """Goes on until nothing is due any more."""
        while self._next():
            pass

    def _next(self) -> bool:
        if self.brought_back:
            self._open_again()
        elif self.exits:
            self.exits.popleft()()
        elif self.journey is None or not self.journey.is_open:
            self._forget()
            return False
        elif self.asked:
            self.asked.popleft()()
        elif step := self._filled_mirror():
            self.close_step(step, mirrors.value_of(self.contact, step.mirrors), "field")
        elif track := self._complete_track():
            self.close_track(track)
        elif self.follows is not None:
            track, self.follows = self.follows, None
            waves.open_next(self, track)
        else:
            return False
        return True

    def _contained(self, deed: Deed) -> Deed:
        def contained() -> None:
            try:
                with transaction.atomic():
                    deed()
            except Invalid as refused:
                # It was possible when the workflow asked for it; what came between has made it pointless.
                said = "; ".join(problem.message for problem in refused.problems)
                log.info("journey %s: %s", self.journey and self.journey.pk, said)

        return contained

    # Moments

    def tell(self, layer: Sequence[outbox.Pending]) -> None:
        """Records the events of one layer; their workflows have run when it returns."""
        if not layer:
            return
        carrying, self.is_carrying = self.is_carrying, True
        try:
            timers.note(self, layer)
            told = outbox.record(layer, self.now)
        finally:
            self.is_carrying = carrying
        self.last_event = max([self.last_event, *(event.pk for event in told)])

    def close_step(self, step: JourneyStep, value: object, by: str) -> None:
        """Marks the step done and tells it, the first time."""
        assert self.journey is not None
        first = step.closed_at is None
        step.status, step.value, step.done_by = JourneyStep.Status.DONE, value, by
        step.closed_at = step.closed_at or self.now
        step.save(update_fields=["status", "value", "done_by", "closed_at", "percent"])
        self.touched.add(step.track_id)
        if first:
            self.tell([telling.step_closed(self.journey, step)])

    def close_track(self, track: JourneyTrack) -> None:
        """Closes the track; optional steps that are left can never be done. After a task track the next opens."""
        assert self.journey is not None
        self.touched.discard(track.pk)
        track.status, track.closed_at = JourneyTrack.Status.CLOSED, self.now
        track.save(update_fields=["status", "closed_at"])
        track.steps.filter(status=JourneyStep.Status.OPEN).update(status=JourneyStep.Status.LEFT)
        self.follows = self.follows if track.is_video else track
        waves.note_ready(self.journey, self.now)
        self.tell([telling.track_closed(self.journey, track)])

    def _open_again(self) -> None:
        """Steps that flex brought back: told only where they had never been open."""
        assert self.journey is not None
        ids, self.brought_back = self.brought_back, []
        back = list(JourneyStep.objects.filter(pk__in=ids, status=JourneyStep.Status.REMOVED).select_related("track"))
        unopened = [step for step in back if step.opened_at is None]
        JourneyStep.objects.filter(pk__in=[step.pk for step in back]).update(status=JourneyStep.Status.OPEN)
        JourneyStep.objects.filter(pk__in=[step.pk for step in unopened]).update(opened_at=self.now)
        self.fresh |= {step.pk for step in back}
        self.tell([telling.step_opened(self.journey, step) for step in unopened])

    def _filled_mirror(self) -> JourneyStep | None:
        """The first open step whose field is filled, of those that have just opened or whose field has just changed."""
        if not self.fresh and not self.changed:
            return None
        self.contact.refresh_from_db()
        for step in waves.open_steps(self.journey).exclude(mirrors=""):
            concerned = step.pk in self.fresh or step.mirrors in self.changed
            if concerned and mirrors.value_of(self.contact, step.mirrors) is not None:
                return step
        self.fresh, self.changed = set(), set()
        return None

    def _complete_track(self) -> JourneyTrack | None:
        """An open track that this act has touched and that has nothing left to do."""
        if not self.touched:
            return None
        tracks = JourneyTrack.objects.filter(pk__in=self.touched, status=JourneyTrack.Status.OPEN)
        todo = JourneyStep.objects.filter(track__in=self.touched, status=JourneyStep.Status.OPEN)
        found = tracks.exclude(pk__in=todo.values("track")).order_by("position").first()
        if found is None:
            self.touched = set()
        return found


def _as(who: Acting, deed: Deed) -> None:
    """Does what was asked for earlier as the one who asked for it."""
    with act_as(**{name: getattr(who, name) for name in Acting.__dataclass_fields__}):
        deed()

"""The stage of a play: real maps, workflows and a lead, made from a scenario."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils.text import slugify
from django.utils.translation import gettext as _

from contacts import services as contact_services
from contacts.models import Contact, CustomField
from pipelines.maps import mirrors
from pipelines.maps.play import scripts
from pipelines.maps.play.notation import BadScenario, Binding, Scenario, StepLine
from pipelines.models import Journey, Map, Step, Track
from triggers import services
from triggers.models import Workflow


@dataclass
class Stage:
    """What a scenario's names stand for."""

    scenario: Scenario
    maps: dict[str, Map] = field(default_factory=dict)
    tracks: dict[str, list[Track]] = field(default_factory=dict)
    steps: dict[int, dict[str, Step]] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    lead_id: int = 0

    @classmethod
    def build(cls, scenario: Scenario) -> "Stage":
        stage = cls(scenario, bindings=list(scenario.bind))
        for name, lines in scenario.given.items():
            stage.maps[name] = made = Map.objects.create(name=_free_name(name), colour=_free_colour())
            for position, line in enumerate(lines):
                track = Track.objects.create(map=made, name=line.name, kind=line.kind, position=position)
                stage.tracks.setdefault(line.name, []).append(track)
                for step in line.steps:
                    stage.add_step(track, step)
        stage.lead_id = stage._lead().pk
        stage._write_workflows()
        return stage

    def add_step(self, track: Track, line: StepLine) -> None:
        known = self.steps.setdefault(track.pk, {})
        control = Step.Control.VIDEO if track.kind == Track.Kind.VIDEO else Step.Control.TEXT
        made = Step(track=track, name=line.name, required=line.required, position=len(known), control=control)
        if line.mirrors:
            made.control, made.mirrors = Step.Control.MIRROR, self.field(line.mirrors)
        made.save()
        known[line.name] = made

    def field(self, name: str) -> str:
        """The contact's field of this name; a custom field of that key, made where there is none."""
        if name in mirrors.COLUMNS:
            return name
        key = slugify(name).replace("-", "_").strip("_") or "field"
        if not CustomField.objects.filter(key=key).exists():
            CustomField.objects.create(key=key, label=name)
        return f"custom_fields.{key}"

    def map(self, name: str) -> Map:
        if name not in self.maps:
            raise BadScenario(_("There is no map “%(name)s”.") % {"name": name})
        return self.maps[name]

    def all_tracks(self, name: str) -> list[Track]:
        if name not in self.tracks:
            raise BadScenario(_("There is no track “%(name)s”.") % {"name": name})
        return self.tracks[name]

    def track(self, name: str) -> Track:
        """The track of this name; where several maps have one, that of the map the lead stands in."""
        found = self.all_tracks(name)
        here = Journey.objects.filter(contact=self.lead_id, is_current=True).values_list("map", flat=True).first()
        return next((track for track in found if track.map_id == here), found[0])

    def step(self, name: str) -> Step:
        """The step `T.s`."""
        track_name, _dot, step_name = name.partition(".")
        return self.step_of(self.track(track_name), step_name)

    def step_of(self, track: Track, name: str) -> Step:
        if name not in self.steps.get(track.pk, {}):
            raise BadScenario(_("There is no step “%(name)s” in “%(track)s”.") % {"name": name, "track": track})
        return self.steps[track.pk][name]

    def lead(self) -> Contact:
        found: Contact = Contact.objects.get(pk=self.lead_id)
        return found

    def bind(self, binding: Binding) -> None:
        """Attaches a trigger while the play is on."""
        if binding.trigger not in self.workflows:
            raise BadScenario(_("There is no trigger “%(name)s”.") % {"name": binding.trigger})
        self.bindings.append(binding)
        self._publish(binding.trigger)

    def _lead(self) -> Contact:
        scenario = self.scenario
        values: dict[str, Any] = {
            "first_name": "Lead", "phone": "+4930901820", "channel": scenario.channel, "external_id": str(uuid4()),
        }  # fmt: skip
        if scenario.has_email:
            values["email"] = f"{uuid4().hex}@example.org"
        named: Iterable[tuple[str, str]] = scenario.fields.items()
        return contact_services.create({**values, **{self.field(name): value for name, value in named}})

    def _write_workflows(self) -> None:
        for name in (*self.scenario.triggers, *self.scenario.automations):
            slug = services.free_slug(f"play-{name}")
            self.workflows[name] = Workflow.objects.create(name=name, slug=slug)
        unknown = next((each.trigger for each in self.bindings if each.trigger not in self.workflows), None)
        if unknown is not None:
            raise BadScenario(_("There is no trigger “%(name)s”.") % {"name": unknown})
        for name in self.workflows:
            self._publish(name)

    def _publish(self, name: str) -> None:
        workflow = self.workflows[name]
        workflow.draft = scripts.document(self, name)
        services.publish(workflow)
        if scripts.is_inactive(self.scenario, name):
            services.pause(workflow)


def _free_name(name: str) -> str:
    taken = set(Map.objects.filter(name__startswith=name).values_list("name", flat=True))
    return next(each for n in range(len(taken) + 1) if (each := f"{name} ({n})" if n else name) not in taken)


def _free_colour() -> str:
    taken = set(Map.objects.values_list("colour", flat=True))
    return next(each for n in range(len(taken) + 1) if (each := f"#{n:06x}") not in taken)

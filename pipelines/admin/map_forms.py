"""The forms of a map, of a track and of a step, as staff fill them in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.custom import definitions
from pipelines.maps import controls, editing, mirrors
from pipelines.models import Map, Step, Track, Video
from triggers.admin.typed import ModelForm


class MapForm(ModelForm[Map]):
    class Meta:
        model = Map
        fields = ["name", "colour", "description", "active"]
        widgets = {"colour": forms.TextInput(attrs={"type": "color"}), "description": forms.Textarea(attrs={"rows": 2})}


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data or "") != (initial or []))


class TrackForm(ModelForm[Track]):
    """Its kind stays as it is once leads have been in it."""

    class Meta:
        model = Track
        fields = ["name", "kind", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = self.instance.pk is not None and self.instance.steps.filter(deleted_at=None).exists()
        if self.instance.pk is not None and (steps or editing.is_used(self.instance)):
            self.fields["kind"].disabled = True
            self.fields["kind"].help_text = _("It stays: the track has steps, or leads have been in it.")

    def _get_validation_exclusions(self) -> set[str]:
        """The map is no input, and decides which names are taken."""
        return super()._get_validation_exclusions() - {"map", "deleted_at"}  # type: ignore[misc,no-any-return]


class StepForm(ModelForm[Step]):
    """Only what its control needs counts; control and field stay once leads have got to the step."""

    choices = LinesField(
        label=gettext_lazy("Choices or questions"), required=False,
        help_text=gettext_lazy("One a line: the choices of a dropdown or of radio buttons, or the questions of a form."),
    )  # fmt: skip

    class Meta:
        model = Step
        fields = [
            "name", "control", "choices", "mirrors", "video_url", "required", "done_by", "description",
            "completion_message",
        ]  # fmt: skip
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}), "completion_message": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = self.instance
        if step.track.kind == Track.Kind.VIDEO:
            self.fields["control"].initial = Step.Control.VIDEO
            self._keep({Step.Control.VIDEO})
            self.fields["video_url"] = self._video(step)
            del self.fields["choices"], self.fields["mirrors"]
        else:
            self._keep(set(Step.Control) - {Step.Control.VIDEO})
            self.fields["mirrors"] = self._field(step)
            del self.fields["video_url"]
        if step.pk is not None and editing.is_used(step):
            for name in ("control", "mirrors"):
                if name in self.fields:
                    self.fields[name].disabled = True
                    self.fields[name].help_text = _("It stays: leads have got to this step.")

    def _keep(self, kept: set[Any]) -> None:
        self.fields["control"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Step.Control.choices if value in kept
        ]

    def _video(self, step: Step) -> forms.ChoiceField:
        known = [(video.url, video.name) for video in Video.objects.all()]
        if step.video_url and step.video_url not in dict(known):
            known.append((step.video_url, step.video_url))
        return forms.ChoiceField(label=_("Video"), choices=[("", _("Choose")), *known],
                                 help_text=_("From the video library."))  # fmt: skip

    def _field(self, step: Step) -> forms.ChoiceField:
        names = [*mirrors.COLUMNS, *(f"custom_fields.{field.key}" for field in definitions.in_use())]
        if step.mirrors and step.mirrors not in names:
            names.append(step.mirrors)
        pairs = [(name, controls.field_label(name)) for name in names]
        return forms.ChoiceField(label=_("Field of the contact"), choices=[("", _("Choose")), *pairs], required=False,
                                 help_text=_("Step and field follow each other."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        control = cleaned.get("control")
        if control == Step.Control.FORM and not cleaned.get("choices"):
            self.add_error("choices", _("Enter at least one question."))
        if control not in (Step.Control.DROPDOWN, Step.Control.RADIO, Step.Control.FORM) and "choices" in self.fields:
            cleaned["choices"] = []
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"track", "deleted_at"}  # type: ignore[misc,no-any-return]

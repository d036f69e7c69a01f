"""Whether a map, a track or a step can be used as it is defined."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from pipelines.maps import mirrors
from pipelines.maps.refusal import Refused, Unfit
from pipelines.models import Map, Step

MOST_CHOICES = 200


def check_assignable(target: Map) -> None:
    """Raises Refused where the map takes no new leads, Unfit where it has no track, or a track has no step."""
    if not target.active:
        raise Refused(_("“%(map)s” is switched off and takes no new leads.") % {"map": target})
    steps = Count("steps", filter=Q(steps__deleted_at=None))
    tracks = list(target.tracks.filter(deleted_at=None).annotate(n=steps))
    if not tracks:
        raise Unfit(_("“%(map)s” has no track yet. Add one with its steps first.") % {"map": target}, ("map",))
    empty = next((track for track in tracks if not track.n), None)
    if empty is not None:
        raise Unfit(_("The track “%(track)s” has no step yet. Add one first.") % {"track": empty}, ("map",))


def check_step(step: Step) -> None:
    """Raises ValidationError by field for a step whose control cannot work."""
    problems: dict[str, str] = {}
    if step.control == step.Control.MIRROR and not mirrors.is_mirrorable(step.mirrors):
        problems["mirrors"] = mirrors.no_such_field(step.mirrors)
    if step.control in (step.Control.DROPDOWN, step.Control.RADIO):
        choices = step.choices
        texts = isinstance(choices, list) and all(isinstance(each, str) and each.strip() for each in choices)
        if (
            not texts
            or not 1 <= len(choices) <= MOST_CHOICES
            or len({each.casefold() for each in choices}) < len(choices)
        ):
            problems["choices"] = _("Give 1 to %(n)d different choices.") % {"n": MOST_CHOICES}
    is_video_track = step.track_id is not None and step.track.kind == "video"
    if (step.control == step.Control.VIDEO) != is_video_track:
        problems["control"] = _("A video track has videos for steps, and only a video track has them.")
    if problems:
        raise ValidationError(problems)

"""The time of a journey's time-based trigger, as a person would say it: 2 days after the step opens."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.run_contact import label
from triggers.actions.wait_duration import span_in_words

if TYPE_CHECKING:
    from pipelines.maps.timing import TimerOptions

UNITS = ("minutes", "hours", "days")


def chosen(options: "TimerOptions") -> str:
    """Such as: 2 days of working time after the step opens, again every day, 3 times at most, unless it is done."""
    said = [moment(options.model_dump())]
    if options.every:
        times = ngettext("%(times)s time at most", "%(times)s times at most", options.times) % {"times": options.times}
        said += [_("again every %(span)s") % {"span": _span(options.every, options.unit)}, times]
    if options.unless:
        happened = list(dict.fromkeys(_happening(each.event) for each in options.unless))
        said.append(_("unless %(happened)s") % {"happened": get_text_list(happened, _("or"))})
    return ", ".join(said)


def moment(config: Mapping[str, Any]) -> str:
    """How long before or after what, of options that may be wrong."""
    span = _span(config.get("delay", 1), str(config.get("unit", "days")))
    anchor = str(config.get("anchor", "map.opened"))
    words = {
        "span": _("%(span)s of working time") % {"span": span} if config.get("business") else span,
        "anchor": _happening(anchor) or _date(anchor, str(config.get("field") or "")),
    }
    if not config.get("delay", 1):
        return _("on %(anchor)s") % words if anchor in ("field", "step_date") else _("when %(anchor)s") % words
    return (
        _("%(span)s before %(anchor)s") if config.get("when") == "before" else _("%(span)s after %(anchor)s")
    ) % words


def _happening(event: str) -> str:
    return {
        "map.opened": _("the lead enters the map"), "map.closed": _("the lead is closed"),
        "track.opened": _("the track opens"), "track.closed": _("the track closes"),
        "step.opened": _("the step opens"), "step.closed": _("the step is done"),
    }.get(event, "")  # fmt: skip


def _date(anchor: str, field: str) -> str:
    if anchor == "field" and field:
        return label(field)
    return {
        "field": _("a date of the contact"), "step_date": _("the date in the step"),
        "last_contact": _("the last contact"),
    }.get(anchor, "")  # fmt: skip


def _span(count: Any, unit: str) -> str:
    whole = count if isinstance(count, int) and 0 <= count <= 10**6 else 0
    return span_in_words(timedelta(**{unit if unit in UNITS else "days": whole}))

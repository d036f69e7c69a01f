"""Choices as staff write them, one a line: `Label | points | where it leads`. The last two may be left out.

`to` is the number of a later page, `end` or `disqualify`.
"""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST: Final = 200
MAX_LABEL: Final = 200
MAX_POINTS: Final = 10_000
END: Final = "end"
DISQUALIFY: Final = "disqualify"

Choice = dict[str, Any]


def parse(text: str) -> list[Choice]:
    """The choices of a text. Raises ValidationError that says which line is wrong, and how it would be right."""
    lines = [line.strip() for line in text.splitlines()]
    choices = [_choice(line, number) for number, line in enumerate(lines, 1) if line]
    check(choices)
    return choices


def written(choices: Any) -> str:
    """The text that `parse` reads as these choices."""
    return "\n".join(_line(each) for each in choices if isinstance(each, dict)) if isinstance(choices, list) else ""


def check(choices: Any) -> None:
    """Raises ValidationError unless this is a list of choices as they are stored, each label once."""
    if not isinstance(choices, list) or not all(isinstance(each, dict) for each in choices):
        raise ValidationError(_('Enter a list of choices, such as [{"label": "Yes", "points": 5, "to": "end"}].'))
    if len(choices) > MOST:
        raise ValidationError(_("Enter at most %(n)d choices.") % {"n": MOST})
    seen: set[str] = set()
    for each in choices:
        label = each.get("label")
        if not isinstance(label, str) or not label.strip() or len(label) > MAX_LABEL or not label.isprintable():
            raise ValidationError(_("Each choice needs a label of at most %(n)d characters.") % {"n": MAX_LABEL})
        if label in seen:
            raise ValidationError(_("“%(label)s” is there twice. Each choice stands once.") % {"label": label})
        seen.add(label)
        _check_rest(each, label)


def _check_rest(each: Choice, label: str) -> None:
    points, to = each.get("points", 0), each.get("to", "")
    if set(each) - {"label", "points", "to"}:
        raise ValidationError(_("A choice has a label, points and where it leads, nothing else."))
    if isinstance(points, bool) or not isinstance(points, int) or abs(points) > MAX_POINTS:
        raise ValidationError(_("The points of “%(label)s” are no whole number.") % {"label": label})
    is_page = isinstance(to, str) and to.isascii() and to.isdigit() and 1 <= int(to[:4]) <= 50 and len(to) < 4
    if not (is_page or to in ("", END, DISQUALIFY)):
        raise ValidationError(
            _("“%(label)s” leads to “%(to)s”. Enter the number of a later page, end or disqualify.")
            % {"label": label, "to": str(to)[:40]}
        )


def _choice(line: str, number: int) -> Choice:
    label, *rest = (part.strip() for part in line.split("|"))
    if len(rest) > 2:
        raise ValidationError(
            _("Line %(n)d has more than three parts. Write: Label | points | where it leads.") % {"n": number}
        )
    points, to = (*rest, "", "")[:2]
    choice: Choice = {"label": label}
    if points:
        try:
            choice["points"] = int(points)
        except ValueError:
            raise ValidationError(
                _("Line %(n)d: “%(points)s” are no points. Write a whole number, such as 5.")
                % {"n": number, "points": points[:40]}
            ) from None
    if to:
        choice["to"] = to.lower()
    return choice


def _line(each: Choice) -> str:
    label, points, to = str(each.get("label", "")), each.get("points", ""), each.get("to", "")
    if to:
        return f"{label} | {points} | {to}"
    return f"{label} | {points}" if points != "" else label

"""A score rule in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import ScoreRule
from contacts.scores import score_rules
from triggers.conditions.sentence import describe
from triggers.evidence import lookup
from triggers.wording import words


def sentence(rule: ScoreRule | None) -> str:
    """“Note added” gives 5 points, if country is Germany. Empty for a rule that is not stored, or wrong."""
    if rule is None or rule.pk is None or score_rules.problems(rule):
        return ""
    kind = score_rules.event_types()[rule.event_type]
    points = ngettext("%(n)d point", "%(n)d points", abs(rule.points)) % {"n": abs(rule.points)}
    told = {"event": words.event_label(rule.event_type), "points": points}
    said = (_("“%(event)s” gives %(points)s") if rule.points > 0 else _("“%(event)s” takes off %(points)s")) % told
    return f"{said}, {_('if')} {describe(rule.conditions, lookup(kind))}." if rule.conditions else f"{said}."

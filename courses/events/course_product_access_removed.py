"""A course closed for a contact."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses import granting
from courses.telling import OpeningTold, titles_of
from triggers.context import by_whom
from triggers.event_types import Changed, Row, event


@event("course.product_access_removed", label=_("Course access removed"), section="Course Triggers")
class CourseProductAccessRemoved(OpeningTold, Changed, model="courses.Enrolment", watch=("access_since",)):
    """A course closed for a contact: the last offer that held it was taken away, ran out, or holds it no more."""

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return row.after["access_since"] is None and bool(changes)

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        titles, who, why = titles_of(rows), by_whom(), granting.occasion().reason
        return {row.pk: {"product": titles[row.after["product_id"]], "by": who, "reason": why} for row in rows}

"""A course opened for a contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses import granting
from courses.telling import OpeningTold, Reached, titles_of
from triggers.context import by_whom
from triggers.event_types import Row, event


@event("course.product_access_granted", label=_("Course access granted"), section="Course Triggers")
class CourseProductAccessGranted(OpeningTold, Reached, model="courses.Enrolment", watch=("access_since",)):
    """A course opened for a contact, by the first offer that holds it. A further such offer does not tell it again.

    `expires_at` is when the last of the offers ends; empty where one holds without end.
    """

    granted_by: str
    access_since: datetime

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        titles, who, why = titles_of(rows), by_whom(), granting.occasion().reason
        ends = granting.ends({(row.after["contact_id"], row.after["product_id"]) for row in rows})
        return {
            row.pk: {
                "product": titles[row.after["product_id"]], "by": who, "granted_by": who, "reason": why,
                "expires_at": ends.get((row.after["contact_id"], row.after["product_id"])),
            }
            for row in rows
        }  # fmt: skip

"""A learner started a course."""

from django.utils.translation import gettext_lazy as _

from courses.telling import Begun, ProductTold
from triggers.event_types import event


@event("course.product_started", label=_("Course started"), section="Course Triggers")
class CourseProductStarted(ProductTold, Begun, model="courses.Enrolment", watch=("started_at",)):
    """A learner started a course: opened its first lesson, or an outside system told so. Once for each learner and course."""

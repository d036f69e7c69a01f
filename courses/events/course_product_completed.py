"""A learner completed a course."""

from django.utils.translation import gettext_lazy as _

from courses.telling import ProductTold, Reached
from triggers.event_types import event


@event("course.product_completed", label=_("Course completed"), section="Course Triggers")
class CourseProductCompleted(ProductTold, Reached, model="courses.Enrolment", watch=("completed_at",)):
    """A learner completed a course: every published lesson, or an outside system told so. Once for each learner and course."""

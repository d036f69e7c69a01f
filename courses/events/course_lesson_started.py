"""A learner started a lesson."""

from django.utils.translation import gettext_lazy as _

from courses.telling import Begun, LessonTold
from triggers.event_types import event


@event("course.lesson_started", label=_("Lesson started"), section="Course Triggers")
class CourseLessonStarted(LessonTold, Begun, model="courses.LessonProgress", watch=("started_at",)):
    """A learner opened a lesson for the first time, or an outside system told so. Not told once it is completed."""

"""A learner completed a lesson."""

from django.utils.translation import gettext_lazy as _

from courses.telling import LessonTold, Reached
from triggers.event_types import event


@event("course.lesson_completed", label=_("Lesson completed"), section="Course Triggers")
class CourseLessonCompleted(LessonTold, Reached, model="courses.LessonProgress", watch=("completed_at",)):
    """A learner marked a lesson as done, or an outside system told so. Once for each learner and lesson."""

"""A learner completed a category of a course."""

from django.utils.translation import gettext_lazy as _

from courses.telling import CategoryTold, Reached
from triggers.event_types import event


@event("course.category_completed", label=_("Category completed"), section="Course Triggers")
class CourseCategoryCompleted(CategoryTold, Reached, model="courses.CategoryProgress", watch=("completed_at",)):
    """A learner completed every published lesson of a category, or an outside system told so. Once for each."""

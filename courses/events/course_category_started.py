"""A learner started a category of a course."""

from django.utils.translation import gettext_lazy as _

from courses.telling import Begun, CategoryTold
from triggers.event_types import event


@event("course.category_started", label=_("Category started"), section="Course Triggers")
class CourseCategoryStarted(CategoryTold, Begun, model="courses.CategoryProgress", watch=("started_at",)):
    """A learner opened the first lesson of a category, or an outside system told so. Once for each learner and category."""

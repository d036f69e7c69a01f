"""How far people have come: in a course, its categories and its lessons. What was reached is never taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from courses.models.content import Category, Lesson, Product
from triggers.tracking import Tracked


class Progress(Tracked):
    """When something was begun and when it was completed; of what is told twice, the earlier counts."""

    started_at = models.DateTimeField(_("started"), null=True, blank=True, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Enrolment(Progress):
    """A contact and a course. `access_since` is empty while no offer gives access; the progress stays."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="course_enrolments"
    )
    product = models.ForeignKey(Product, verbose_name=_("course"), on_delete=models.PROTECT, related_name="enrolments")
    access_since = models.DateTimeField(_("access since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["contact", "product"], name="course_enrolment_once")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.product}"


class CategoryProgress(Progress):
    """A learner in a category."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="category_progress", db_index=False)
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.CASCADE, related_name="progress"
    )

    class Meta:
        verbose_name = _("progress in a category")
        verbose_name_plural = _("progress in categories")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "category"], name="course_category_progress_once")]

    def __str__(self) -> str:
        return str(self.category)


class LessonProgress(Progress):
    """A learner in a lesson."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lesson_progress", db_index=False)
    lesson = models.ForeignKey(Lesson, verbose_name=_("lesson"), on_delete=models.CASCADE, related_name="progress")

    class Meta:
        verbose_name = _("progress in a lesson")
        verbose_name_plural = _("progress in lessons")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="course_lesson_progress_once")]

    def __str__(self) -> str:
        return str(self.lesson)

"""What lists of courses, accesses, progress and certificates can be narrowed by."""
# django-filter carries no types.
# mypy: disable-error-code="attr-defined, misc, name-defined"

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters

from courses.models import Access, CategoryProgress, Certificate, Enrolment, LessonProgress, Member
from courses.models.access import active
from triggers.api.filters import ContactIdFilter, IdFilter


class AccessFilter(filters.FilterSet):
    """By whose they are, of which offer, and whether they hold now."""

    contact = ContactIdFilter(field_name="contact_id")
    offer = filters.CharFilter(field_name="offer__key")
    active = filters.BooleanFilter(method="holding")

    class Meta:
        model = Access
        fields: list[str] = []

    def holding(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        now = active(timezone.now())
        return rows.filter(now if value else ~Q(now))


class EnrolmentFilter(filters.FilterSet):
    """By whose they are, in which course, and how far they are."""

    contact = ContactIdFilter(field_name="contact_id")
    course = filters.CharFilter(field_name="product__key")
    completed = filters.BooleanFilter(field_name="completed_at", lookup_expr="isnull", exclude=True)
    has_access = filters.BooleanFilter(field_name="access_since", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Enrolment
        fields: list[str] = []


class LessonProgressFilter(filters.FilterSet):
    """By learner, enrolment and lesson."""

    contact = ContactIdFilter(field_name="enrolment__contact_id")
    enrolment = IdFilter(field_name="enrolment_id")
    lesson = IdFilter(field_name="lesson_id")

    class Meta:
        model = LessonProgress
        fields: list[str] = []


class CategoryProgressFilter(filters.FilterSet):
    """By learner, enrolment and category."""

    contact = ContactIdFilter(field_name="enrolment__contact_id")
    enrolment = IdFilter(field_name="enrolment_id")
    category = IdFilter(field_name="category_id")

    class Meta:
        model = CategoryProgress
        fields: list[str] = []


class CertificateFilter(filters.FilterSet):
    """By whose they are, of which template, and by number."""

    contact = ContactIdFilter(field_name="contact_id")
    template = filters.CharFilter(field_name="template__key")
    number = filters.CharFilter()

    class Meta:
        model = Certificate
        fields: list[str] = []


class MemberFilter(filters.FilterSet):
    """By contact."""

    contact = ContactIdFilter(field_name="contact_id")

    class Meta:
        model = Member
        fields: list[str] = []

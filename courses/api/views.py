"""Courses over the API. Changes go through the same doors as everywhere, so events fire."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses import certifying, granting, reporting
from courses.api import filters
from courses.api import serializers as told
from courses.models import (
    Access,
    Category,
    CategoryProgress,
    Certificate,
    CertificateTemplate,
    Enrolment,
    Lesson,
    LessonProgress,
    Member,
    Offer,
    Product,
)
from courses.reporting import MODELS
from courses.standing import counted
from triggers.api.views import ApiMadeOnlyViewSet, ApiModelViewSet, ApiReadOnlyViewSet
from triggers.text import TextError


class CourseViewSet(ApiModelViewSet):
    """Courses. One that somebody began is taken back (`published`), not deleted."""

    scope = "courses"
    queryset = Product.objects.all()
    serializer_class = told.CourseSerializer
    filterset_fields = ("key", "published", "external_id")

    @extend_schema(request=told.ProgressReportSerializer, responses=told.CourseEnrolmentSerializer)
    @action(detail=False, methods=["post"], permission="courses.change_enrolment", filterset_fields=())
    def progress(self, request: Request) -> Response:
        """Takes in what a learning system outside tells, in whichever order and however often it does."""
        given = self.inputs(told.ProgressReportSerializer)
        now = timezone.now()
        try:
            part = reporting.part_of({kind: given[kind] for kind in MODELS if kind in given})
            made = reporting.record(given["contact"], part, given["state"], given.get("occurred_at", now), now)
        except ValidationError as error:
            who = "email" if "email" in given else "contact"
            refused = {who if name == "contact" else name: said for name, said in error.message_dict.items()}
            raise serializers.ValidationError(refused) from None
        return Response(told.CourseEnrolmentSerializer(counted(Enrolment.objects.all()).get(pk=made.pk)).data)

    @extend_schema(request=told.LoginReportSerializer, responses=told.CourseMemberSerializer)
    @action(detail=False, methods=["post"], permission="courses.change_member", filterset_fields=())
    def logins(self, request: Request) -> Response:
        """Counts that somebody signed in to a learning system outside; each once by its number there."""
        given = self.inputs(told.LoginReportSerializer)
        member = reporting.record_login(given["contact"], given["number"], given.get("occurred_at"), timezone.now())
        return Response(told.CourseMemberSerializer(member).data)


class CourseCategoryViewSet(ApiModelViewSet):
    """The categories of courses."""

    scope = "courses"
    queryset = Category.objects.select_related("product")
    serializer_class = told.CourseCategorySerializer
    filterset_fields = ("product__key", "key", "external_id")


class LessonViewSet(ApiModelViewSet):
    """Lessons."""

    scope = "courses"
    queryset = Lesson.objects.all()
    serializer_class = told.LessonSerializer
    filterset_fields = ("category", "category__product__key", "published", "external_id")


class CourseOfferViewSet(ApiModelViewSet):
    """Offers of courses. One that somebody holds or held is closed, not deleted."""

    scope = "course-offers"
    queryset = Offer.objects.prefetch_related("products")
    serializer_class = told.CourseOfferSerializer
    filterset_fields = ("key", "open")


class CourseAccessViewSet(ApiMadeOnlyViewSet):
    """Who holds which offer."""

    scope = "course-accesses"
    queryset = Access.objects.select_related("offer")
    serializer_class = told.CourseAccessSerializer
    filterset_class = filters.AccessFilter

    def perform_create(self, serializer: Any) -> None:
        given = serializer.validated_data
        serializer.instance = granting.grant(given["contact"], given["offer"], given.get("reason", ""))

    @extend_schema(request=told.EndAccessSerializer, responses=told.CourseAccessSerializer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Moves the end. One that is past ends the access at once; one to come gives anew what was over or revoked."""
        access, until = self.get_object(), self.inputs(told.EndAccessSerializer)["expires_at"]
        return Response(self.represent(granting.end_at(access, until)))

    @extend_schema(request=told.RevokeAccessSerializer, responses=told.CourseAccessSerializer)
    @action(detail=True, methods=["post"], permission="courses.change_access")
    def revoke(self, request: Request, **kwargs: Any) -> Response:
        """Takes the offer away. Taken again, it is told again."""
        access, reason = self.get_object(), self.inputs(told.RevokeAccessSerializer)["reason"]
        return Response(self.represent(granting.revoke(access.contact, access.offer, reason)))


class CourseEnrolmentViewSet(ApiReadOnlyViewSet):
    """How far contacts are in courses."""

    scope = "course-enrolments"
    queryset = counted(Enrolment.objects.select_related("product"))
    serializer_class = told.CourseEnrolmentSerializer
    filterset_class = filters.EnrolmentFilter


class LessonProgressViewSet(ApiReadOnlyViewSet):
    """How far contacts are in lessons."""

    scope = "course-enrolments"
    queryset = LessonProgress.objects.select_related("enrolment")
    serializer_class = told.LessonProgressSerializer
    filterset_class = filters.LessonProgressFilter


class CategoryProgressViewSet(ApiReadOnlyViewSet):
    """How far contacts are in categories."""

    scope = "course-enrolments"
    queryset = CategoryProgress.objects.select_related("enrolment")
    serializer_class = told.CategoryProgressSerializer
    filterset_class = filters.CategoryProgressFilter


class CertificateTemplateViewSet(ApiModelViewSet):
    """What certificates say. A template by which somebody was given one is kept."""

    scope = "certificate-templates"
    queryset = CertificateTemplate.objects.select_related("product")
    serializer_class = told.CertificateTemplateSerializer
    filterset_fields = ("key", "product__key", "on_completion")


class CertificateViewSet(ApiMadeOnlyViewSet):
    """Certificates."""

    scope = "certificates"
    queryset = Certificate.objects.select_related("template")
    serializer_class = told.CertificateSerializer
    filterset_class = filters.CertificateFilter

    def perform_create(self, serializer: Any) -> None:
        given = serializer.validated_data
        try:
            made = certifying.issue(given["contact"], given["template"], timezone.now(), uuid4())
        except TextError as error:
            raise serializers.ValidationError({"template": [str(error)]}) from None
        serializer.instance = made

    @extend_schema(request=None, responses=told.CertificateSerializer)
    @action(detail=True, methods=["post"], permission="courses.change_certificate")
    def revoke(self, request: Request, **kwargs: Any) -> Response:
        """From now on its page says that it is revoked; 422 where that is so already."""
        certificate = self.get_object()
        certifying.revoke(certificate, timezone.now())
        return Response(self.represent(certificate))


class CourseMemberViewSet(ApiReadOnlyViewSet):
    """Who has been to the member area."""

    scope = "course-members"
    queryset = Member.objects.all()
    serializer_class = told.CourseMemberSerializer
    filterset_class = filters.MemberFilter

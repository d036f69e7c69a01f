"""How courses and what people reach in them look from outside."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from courses import members
from courses.learning import STATES
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
from courses.standing import Standing
from triggers.api.serializers import CheckedSerializer, RowSerializer

BY_KEY: Final = gettext_lazy("the key of the course")


class CourseField(serializers.SlugRelatedField[Product]):
    """A course by its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="key", **kwargs)

    def get_queryset(self) -> Any:
        return None if self.read_only else Product.objects.all()


class CourseSerializer(CheckedSerializer):
    """A course. Its key is made from its first title and stays: other systems call it by that."""

    class Meta:
        model = Product
        fields = ["id", "title", "key", "description", "published", "external_id", "created_at", "updated_at"]
        read_only_fields = ["key", "created_at"]


class CourseCategorySerializer(CheckedSerializer):
    """A part of a course; lower positions stand first."""

    course = CourseField(source="product", help_text=BY_KEY)

    class Meta:
        model = Category
        fields = ["id", "course", "title", "key", "position", "external_id"]
        read_only_fields = ["key"]


class LessonSerializer(CheckedSerializer):
    """A lesson. Its text is plain: markup in it is shown as it is."""

    whole_only = ("body",)

    class Meta:
        model = Lesson
        fields = ["id", "category", "title", "key", "body", "video_url", "position", "published", "external_id"]
        read_only_fields = ["key"]


class CourseOfferSerializer(RowSerializer):
    """What people get at once: courses, by their keys, for a while or for good."""

    courses = serializers.SlugRelatedField(
        source="products", slug_field="key", many=True, queryset=Product.objects.all(),
        help_text=gettext_lazy("the keys of the courses"),
    )  # fmt: skip
    address = serializers.CharField(read_only=True, help_text=gettext_lazy("of its page to sign up at"))

    class Meta:
        model = Offer
        fields = [
            "id", "title", "key", "description", "courses", "access_days", "price_text", "open", "address",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["key", "created_at"]


class CourseAccessSerializer(RowSerializer):
    """A contact holds an offer, or held it. Making one again tells it again, and begins its time anew."""

    contact = ContactField(queryset=Contact.objects.all())
    offer = serializers.SlugRelatedField(
        slug_field="key", queryset=Offer.objects.all(), help_text=gettext_lazy("the key of the offer")
    )

    class Meta:
        model = Access
        fields = [
            "id", "contact", "offer", "reason", "granted_by", "granted_at", "expires_at", "removed_at", "grants",
            "removals",
        ]  # fmt: skip
        read_only_fields = ["granted_by", "granted_at", "expires_at", "removed_at", "grants", "removals"]
        # Who has it already is given it again.
        validators: list[Any] = []


class EndAccessSerializer(serializers.Serializer[Any]):
    """Until when an access holds."""

    expires_at = serializers.DateTimeField(
        allow_null=True, help_text=gettext_lazy("null for good; one that is past ends it at once")
    )


class RevokeAccessSerializer(serializers.Serializer[Any]):
    """Why the offer is taken away."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class CourseEnrolmentSerializer(RowSerializer):
    """How far a contact is in a course."""

    course = CourseField(source="product", read_only=True, help_text=BY_KEY)
    progress_pct = serializers.SerializerMethodField()

    class Meta:
        model = Enrolment
        fields = ["id", "contact", "course", "access_since", "started_at", "completed_at", "progress_pct"]
        read_only_fields = fields

    def get_progress_pct(self, row: Any) -> int:
        return Standing(row.n_done or 0, row.n_lessons or 0, row.completed_at is not None).percent


class LessonProgressSerializer(RowSerializer):
    """When a learner began and completed a lesson."""

    contact = serializers.IntegerField(source="enrolment.contact_id", read_only=True)

    class Meta:
        model = LessonProgress
        fields = ["id", "enrolment", "contact", "lesson", "started_at", "completed_at"]
        read_only_fields = fields


class CategoryProgressSerializer(RowSerializer):
    """When a learner began and completed a category."""

    contact = serializers.IntegerField(source="enrolment.contact_id", read_only=True)

    class Meta:
        model = CategoryProgress
        fields = ["id", "enrolment", "contact", "category", "started_at", "completed_at"]
        read_only_fields = fields


class ReportSerializer(serializers.Serializer[Any]):
    """What a learning system outside tells of somebody, who is named by `contact` or `email`."""

    contact = ContactField(queryset=Contact.objects.all(), required=False)
    email = serializers.EmailField(required=False)
    occurred_at = serializers.DateTimeField(required=False, help_text=gettext_lazy("else it happened now"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("contact" in attrs) == ("email" in attrs):
            raise serializers.ValidationError({"contact": [_("Give either contact or email.")]})
        if "email" in attrs:
            found = members.of_email(attrs["email"])
            if found is None:
                raise serializers.ValidationError({"email": [_("No contact has this address.")]})
            attrs["contact"] = found
        return attrs


class LoginReportSerializer(ReportSerializer):
    """Somebody signed in to a learning system outside. Give `contact` or `email`.

    It counts once by its number there; one without a number once by its moment.
    """

    number = serializers.CharField(
        required=False, default="", max_length=160, allow_blank=True, help_text=gettext_lazy("its number outside")
    )


class ProgressReportSerializer(ReportSerializer):
    """What a learning system outside tells: who, what by its number there, and what happened when.

    Give `contact` or `email`, and one of `lesson`, `category` and `course`.
    """

    lesson = serializers.CharField(required=False, max_length=160, help_text=gettext_lazy("its number outside"))
    category = serializers.CharField(required=False, max_length=160, help_text=gettext_lazy("its number outside"))
    course = serializers.CharField(required=False, max_length=160, help_text=gettext_lazy("its number outside"))
    state = serializers.ChoiceField([(state, state) for state in STATES])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(kind in attrs for kind in MODELS) != 1:
            told = _("Name one of these by its number outside: lesson, category or course.")
            raise serializers.ValidationError({"lesson": [told]})
        return super().validate(attrs)


class CertificateTemplateSerializer(CheckedSerializer):
    """What the certificates of a course say."""

    course = CourseField(source="product", help_text=BY_KEY)

    class Meta:
        model = CertificateTemplate
        fields = ["id", "course", "title", "key", "text", "valid_days", "on_completion"]
        read_only_fields = ["key"]


class CertificateSerializer(RowSerializer):
    """A certificate that a contact was given. Making one answers with the valid one there is, if there is one."""

    whole_only = ("text",)

    contact = ContactField(queryset=Contact.objects.all())
    template = serializers.SlugRelatedField(
        slug_field="key", queryset=CertificateTemplate.objects.all(), help_text=gettext_lazy("the key of the template")
    )
    address = serializers.CharField(read_only=True, help_text=gettext_lazy("where anybody with the link may check it"))

    class Meta:
        model = Certificate
        fields = [
            "id", "contact", "template", "number", "name", "course", "title", "text", "address", "issued_at",
            "expires_at", "revoked_at",
        ]  # fmt: skip
        read_only_fields = ["number", "name", "course", "title", "text", "issued_at", "expires_at", "revoked_at"]


class CourseMemberSerializer(RowSerializer):
    """A contact who has been to the member area."""

    class Meta:
        model = Member
        fields = ["id", "contact", "logins", "last_login_at"]
        read_only_fields = fields

"""Forms and surveys: what they ask, how they behave, and every submission of them."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capture.addresses import check_destination, check_origins
from capture.models.inbound import check_match, default_match
from triggers.keyed import free_key

FORM_KEY = r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
FIELD_KEY = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*\Z"


class Form(models.Model):
    """A form on one page, or a survey of several pages. Its page is `/f/<key>/`."""

    class Kind(models.TextChoices):
        FORM = "form", _("Form")
        SURVEY = "survey", _("Survey")

    name = models.CharField(_("name"), max_length=120, help_text=_("What staff call it; visitors do not see it."))
    key = models.CharField(
        _("address"), max_length=60, unique=True, blank=True,
        validators=[RegexValidator(FORM_KEY, _("Use small letters, digits and single hyphens, such as visit-us."))],
        help_text=_("The end of its public address. Left empty, it is made from the name."),
    )  # fmt: skip
    kind = models.CharField(
        _("kind"), max_length=6, choices=Kind.choices, default=Kind.FORM,
        help_text=_("A survey may have several pages, answers that lead to one of them, and points."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, its page says so."))
    title = models.CharField(_("heading"), max_length=160, blank=True, help_text=_("Left empty, the name is shown."))
    intro = models.TextField(_("text above"), max_length=2000, blank=True)
    button = models.CharField(_("button"), max_length=40, blank=True, help_text=_("Left empty: Send."))
    thank_you = models.TextField(
        _("thank-you text"),
        max_length=2000,
        blank=True,
        help_text=_("Left empty: Thank you. We have got your answers."),
    )
    disqualified_text = models.TextField(
        _("text for whoever does not fit"), max_length=2000, blank=True,
        help_text=_("Shown where an answer leads to “disqualify”. Left empty, the thank-you text is shown."),
    )  # fmt: skip
    redirect_url = models.CharField(
        _("go on to"), max_length=500, blank=True, validators=[check_destination],
        help_text=_("An https address to open after sending, in place of the thank-you text."),
    )  # fmt: skip
    allowed_origins = models.JSONField(
        _("websites that may embed it"), default=list, blank=True, validators=[check_origins],
        help_text=_("One a line, such as https://www.example.com. None: only the page of its own works."),
    )  # fmt: skip
    match_by = models.JSONField(_("find contact by"), default=default_match, validators=[check_match])
    min_seconds = models.PositiveSmallIntegerField(
        _("shortest time to fill it in"), default=2, validators=[MaxValueValidator(60)],
        help_text=_("In seconds. Whoever is quicker is asked to look again and send once more: programs rarely do."),
    )  # fmt: skip
    per_minute = models.PositiveSmallIntegerField(
        _("sendings a minute"), default=10, validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("From one internet address. All of them together may send twenty times as often."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms and surveys")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = free_key(self, "-")
        super().save(*args, **kwargs)

    @property
    def is_survey(self) -> bool:
        return self.kind == self.Kind.SURVEY

    @property
    def heading(self) -> str:
        return self.title or self.name

    @property
    def address(self) -> str:
        """The whole address of its page."""
        return f"{settings.PUBLIC_URL}/f/{self.key}/"


class FormField(models.Model):
    """One question. `choices` is a list of `{"label", "points", "to"}`; `to` is a page, "end" or "disqualify"."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of several")
        MULTI_CHOICE = "multi_choice", _("Several of many")
        YESNO = "yesno", _("Yes or no")
        FILE = "file", _("File")
        HIDDEN = "hidden", _("Hidden value")
        CONSENT = "consent", _("Consent to be ticked")

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    page = models.PositiveSmallIntegerField(
        _("page"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Of a survey; a form has one page."),
    )  # fmt: skip
    label = models.CharField(_("question"), max_length=300)
    key = models.CharField(
        _("key"), max_length=60, blank=True,
        validators=[RegexValidator(FIELD_KEY, _("Use small letters, digits and single _, such as first_name."))],
        help_text=_("What workflows and the API call it: event.answers.first_name. Left empty, it is made for you."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.TEXT)
    required = models.BooleanField(_("required"), default=False)
    maps_to = models.CharField(_("goes into"), max_length=80, blank=True)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    default = models.CharField(
        _("value"), max_length=300, blank=True,
        help_text=_("Of a hidden value, unless the page's address brings one under its key."),
    )  # fmt: skip
    choices = models.JSONField(_("choices"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["page", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "key"], name="form_field_once",
                violation_error_message=_("Another question has this key."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        from capture.forms.checking import check_field

        problems = check_field(self)
        if problems:
            raise ValidationError(problems)


class Submission(models.Model):
    """One filled-in form as it was sent. `uid` is unique within its form: sent again, it counts once."""

    class Status(models.TextChoices):
        TAKEN = "taken", _("Taken in")
        FAILED = "failed", _("Contact not stored")
        TRAP = "trap", _("Held back as spam")

    form = models.ForeignKey(
        Form, verbose_name=_("form"), on_delete=models.CASCADE, related_name="submissions", db_index=False
    )
    uid = models.UUIDField(_("number of its own"), default=uuid4)
    status = models.CharField(_("state"), max_length=6, choices=Status.choices, default=Status.TAKEN)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    answers = models.JSONField(_("answers"), default=dict, encoder=DjangoJSONEncoder)
    unknown = models.JSONField(_("left out"), default=list, help_text=_("Names of fields the form does not have."))
    problems = models.JSONField(_("problems"), default=list)
    terms = models.BooleanField(_("terms agreed"), default=False)
    consents = models.JSONField(
        _("agreed to"), default=list, help_text=_("The words of every consent that was ticked, as they stood then.")
    )
    disqualified = models.BooleanField(_("disqualified"), default=False)
    score = models.IntegerField(_("points"), null=True)
    page_url = models.CharField(_("page"), max_length=500, blank=True)
    referrer = models.CharField(_("came from"), max_length=500, blank=True)
    utm = models.JSONField(_("campaign"), default=dict)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    event_id = models.BigIntegerField(_("event"), null=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["form", "uid"], name="submission_once")]
        indexes = [
            # the form's recent submissions
            models.Index(fields=["form", "-received_at"], name="submission_recent"),
            # what was held back, when it is purged
            models.Index(fields=["received_at"], condition=models.Q(status="trap"), name="submission_traps"),
            # merging and forgetting a contact
            models.Index(fields=["contact_id"], name="submission_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.received_at:%Y-%m-%d %H:%M}"


def _place(_file: Any, _name: str) -> str:
    """A name nobody can guess or choose, outside of what is served."""
    return f"submissions/{timezone.now():%Y/%m}/{uuid4().hex}"


class SubmissionFile(models.Model):
    """A file that came with a submission. Staff download it; it is never served by its path."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    field_key = models.CharField(max_length=60)
    name = models.CharField(_("file"), max_length=120)
    size = models.PositiveIntegerField(_("bytes"))
    file = models.FileField(upload_to=_place, max_length=120)

    class Meta:
        verbose_name = _("file of a submission")
        verbose_name_plural = _("files of submissions")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

"""Certificates: what they say, and who was given one."""

import secrets
from datetime import datetime
from typing import Final, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from courses.models.content import Product, Titled
from triggers.keyed import once
from triggers.tracking import Tracked

Standing = Literal["valid", "expired", "revoked"]
# Letters and digits that nobody takes for one another; twenty of them are 98 bits.
LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH: Final = 20


class CertificateTemplate(Titled):
    """What the certificates of a course say."""

    product = models.ForeignKey(
        Product, verbose_name=_("course"), on_delete=models.CASCADE, related_name="certificate_templates"
    )
    text = models.TextField(
        _("text"), max_length=4000,
        help_text=_("With merge fields, such as {{ contact.name }}, {{ course.title }} and {{ course.completed_on }}."),
    )  # fmt: skip
    valid_days = models.PositiveIntegerField(
        _("days it is valid"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text=_("Empty for certificates that do not expire."),
    )  # fmt: skip
    on_completion = models.BooleanField(
        _("given by itself"), default=False, help_text=_("To whoever completes the course, at that moment.")
    )

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["title", "id"]
        constraints = [once("course_template_key_once")]

    def clean(self) -> None:
        # The text reads facts of contacts, which stand uphill of models.
        from courses.certifying import problems_of

        problems = problems_of(self.text)
        if problems:
            raise ValidationError({"text": problems})


def new_number() -> str:
    """A number that nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _each in range(LENGTH))


class Certificate(Tracked):
    """What one person was given, word by word as it was then. Whoever has its number may look whether it is valid."""

    number = models.CharField(_("number"), max_length=LENGTH, unique=True, default=new_number, editable=False)
    # names what it was issued for, so that one occasion issues one
    key = models.UUIDField(null=True, unique=True, editable=False)
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="course_certificates"
    )
    template = models.ForeignKey(
        CertificateTemplate, verbose_name=_("template"), on_delete=models.PROTECT, related_name="certificates"
    )
    name = models.CharField(_("name"), max_length=200, editable=False)
    course = models.CharField(_("course"), max_length=160, editable=False)
    title = models.CharField(_("title"), max_length=160, editable=False)
    text = models.TextField(_("text"), max_length=8000, editable=False)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.title}: {self.name}"

    @property
    def address(self) -> str:
        """Its public page, where anybody with the link may check it."""
        return f"{settings.PUBLIC_URL}/certificate/{self.number}/"

    def standing(self, now: datetime) -> Standing:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"

"""Documents and contracts: written from a template, sent, looked at, signed; each with what happened to it."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commerce.models.base import Mirrored, once_outside
from contacts.models import Contact
from contacts.money_fields import amount_field, currency_field
from triggers.indexing import one_of
from triggers.keyed import Keyed, once
from triggers.tracking import Tracked

# Out to be signed, by us.
UNSIGNED: Final = models.Q(gateway="") & one_of("status", "sent", "viewed")


class DocumentTemplate(Keyed):
    """What a document says, with merge fields of the contact."""

    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("heading"), max_length=200)
    body = models.TextField(
        _("text"), max_length=50_000, help_text=_("With merge fields, such as {{ contact.name }}. Empty lines part it.")
    )
    countersigned = models.BooleanField(
        _("signed by us as well"), default=False, help_text=_("It is complete once somebody of the staff signs too.")
    )
    days_open = models.PositiveSmallIntegerField(_("days to sign"), default=30)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("document template")
        verbose_name_plural = _("document templates")
        ordering = ["name", "id"]
        constraints = [once("document_template_key_once")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        from commerce.documents.writing import check_template

        check_template(self)


class Document(Mirrored, Tracked):
    """One document for one person. Once it is sent its text stays as it is, and `digest` proves it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        VIEWED = "viewed", _("Viewed")
        SIGNED = "signed", _("Signed")
        COMPLETED = "completed", _("Completed")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        VOIDED = "voided", _("Withdrawn")

    class Recipient(models.TextChoices):
        CONTACT = "contact", _("Contact")
        USER = "user", _("Member of the staff")

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.SET_NULL, related_name="documents"
    )
    template = models.ForeignKey(
        DocumentTemplate, verbose_name=_("template"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="documents",
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=200)
    body = models.TextField(_("text"), max_length=60_000, blank=True)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    recipient = models.CharField(_("for"), max_length=7, choices=Recipient.choices, default=Recipient.CONTACT)
    recipient_name = models.CharField(_("name of who signs"), max_length=200, blank=True)
    recipient_email = models.CharField(_("e-mail of who signs"), max_length=254, blank=True)
    countersigned = models.BooleanField(_("signed by us as well"), default=False)
    value = amount_field(_("value"))
    currency = currency_field(default="EUR")
    expires_on = models.DateField(_("to be signed until"), null=True, blank=True)
    signature = models.CharField(_("typed signature"), max_length=200, blank=True, editable=False)
    countersignature = models.CharField(_("our signature"), max_length=200, blank=True, editable=False)
    declined_because = models.CharField(_("why not"), max_length=500, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    viewed_at = models.DateTimeField(_("viewed at"), null=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    completed_at = models.DateTimeField(_("completed at"), null=True, editable=False)
    declined_at = models.DateTimeField(_("declined at"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        constraints = [once_outside("document_outside_once")]
        indexes = [
            # documents.expiring: what was to be signed by now
            models.Index(
                fields=["expires_on"], condition=UNSIGNED, name="document_expiring",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it waits for its signature."""
        return self.status in (self.Status.SENT, self.Status.VIEWED)


class DocumentMark(models.Model):
    """What happened to a document: the rows of its audit page. They are only ever added."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="marks")
    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=12, choices=Document.Status.choices)
    who = models.CharField(_("who"), max_length=200, blank=True)
    address = models.CharField(_("internet address"), max_length=60, blank=True)
    agent = models.CharField(_("browser"), max_length=300, blank=True)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("mark of a document")
        verbose_name_plural = _("marks of documents")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d %H:%M}"

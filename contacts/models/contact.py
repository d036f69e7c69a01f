"""A person, and whatever a CRM keeps in the person's own row."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.checks import check
from triggers.models.organisation import validate_zone
from triggers.tracking import Tracked

if TYPE_CHECKING:
    from contacts.models.tag import Tag, Tagging

# The channels a person can close; "all" stands for every one.
CHANNELS = (
    ("email", _("E-mail")),
    ("sms", _("SMS")),
    ("call", _("Call")),
    ("whatsapp", _("WhatsApp")),
    ("facebook", _("Facebook")),
    ("gmb", _("Google Business")),
)


class Contact(Tracked):
    """A person; a lead while being worked (lead status, channel, owner)."""

    class LeadStatus(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    class Channel(models.TextChoices):
        FORM = "form", _("Form")
        PHONE = "phone", _("Phone")

    read_beside = ("is_followed", "extra_emails", "extra_phones")

    first_name = models.CharField(_("first name"), max_length=120, blank=True)
    last_name = models.CharField(_("last name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    extra_emails = models.JSONField(_("further e-mails"), default=list, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, help_text=_("In full, such as +49 30 123456."))
    phone_raw = models.CharField(_("phone as entered"), max_length=60, blank=True)
    extra_phones = models.JSONField(_("further phones"), default=list, blank=True)
    company = models.CharField(_("company"), max_length=160, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    website = models.URLField(_("website"), blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    state = models.CharField(_("state or region"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as DE."))
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[validate_zone])
    language = models.CharField(_("language"), max_length=12, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    yearless_birthday = models.CharField(
        _("birthday without year"), max_length=5, blank=True, editable=False,
        validators=[RegexValidator(r"^(0[1-9]|1[0-2])-([0-2][0-9]|3[01])\Z")],
        help_text=_("Month and day, such as 05-17, where the year is not known."),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=120, blank=True)
    attribution = models.JSONField(
        _("attribution"), default=dict, blank=True, help_text=_("UTM values, first and latest.")
    )
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="contacts",
    )  # fmt: skip
    lead_status = models.CharField(_("lead status"), max_length=10, choices=LeadStatus.choices, default=LeadStatus.OPEN)
    channel = models.CharField(_("came in by"), max_length=10, choices=Channel.choices, blank=True)
    dnd = models.JSONField(
        _("do not disturb"),
        default=dict,
        blank=True,
        help_text=_('Closed channels, such as {"email": true}.'),
    )
    score = models.IntegerField(_("engagement score"), default=0)
    # when the score last rose or decayed: from here inactivity is counted
    score_active_at = models.DateTimeField(null=True, blank=True, editable=False)
    custom_fields = models.JSONField(_("custom fields"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    tags: "models.ManyToManyField[Tag, Tagging]" = models.ManyToManyField(
        "Tag", through="Tagging", verbose_name=_("tags"), related_name="contacts", blank=True
    )
    # whether another app may have to hear of each change within its transaction; never taken back
    is_followed = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-id"]
        permissions = [
            ("export_contact", _("Can export contacts")),
            ("merge_contact", _("Can merge contacts")),
            ("forget_contact", _("Can forget people")),
        ]
        indexes = [
            # find by e-mail, whatever its case
            models.Index(Lower("email"), name="contact_email"),
            # find by phone
            models.Index(fields=["phone"], name="contact_phone"),
            # find by the id of another system
            models.Index(fields=["external_id"], condition=~models.Q(external_id=""), name="contact_external"),
            # scoring.decay: scores that nothing has happened to for long, the longest first
            models.Index(fields=["score_active_at"], condition=models.Q(score__gt=0), name="contact_decay"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or _("Contact %(id)s") % {"id": self.pk}

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def birthday(self) -> str:
        """Month and day such as 05-17, with the year known or not; empty where there is none."""
        return f"{self.birth_date:%m-%d}" if self.birth_date else self.yearless_birthday

    def clean(self) -> None:
        """Puts new and changed custom fields into their stored form; what was stored already stays as it is."""
        check(self)

    def loaded(self, name: str) -> Any:
        """The field's value as it was read from the database; None for a new contact."""
        return self.__dict__.get("_loaded", {}).get(name)

    def get_absolute_url(self) -> str:
        return reverse("admin:contacts_contact_change", args=[self.pk])

    def is_closed(self, channel: str) -> bool:
        """Whether the person must not be disturbed on this channel."""
        return bool(self.dnd.get("all") or self.dnd.get(channel))

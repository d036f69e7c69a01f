"""The custom fields that staff define for contacts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.checks import check

KEY = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
ON_CONTACTS = "contacts.contact"


class CustomField(models.Model):
    """A field of the installation's own: `contact.custom_fields.<key>`, with a kind that every value must fit.

    `on` is the label of the records that carry it (`contacts.custom.carriers`).
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        DATETIME = "datetime", _("Date and time")
        CHOICE = "choice", _("Choice")
        MULTI_CHOICE = "multi_choice", _("Several choices")
        YESNO = "yesno", _("Yes or no")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        URL = "url", _("Web address")
        USER = "user", _("Member of staff")

    on = models.CharField(
        _("of"), max_length=60, default=ON_CONTACTS, help_text=_("Which records carry it. It can never be changed.")
    )
    key = models.CharField(
        _("key"), max_length=60,
        validators=[RegexValidator(rf"^{KEY}\Z", _("Use small letters, digits and single _, such as shoe_size."))],
        help_text=_("What conditions, texts and the API call it. It can never be changed."),
    )  # fmt: skip
    label = models.CharField(_("label"), max_length=120, help_text=_("What people call it."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(
        _("choices"), default=list, blank=True, help_text=_('[{"value": "s", "label": "Small"}, …]')
    )
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("Of amounts that name none. Three letters, such as EUR.")
    )
    required = models.BooleanField(
        _("required"), default=False,
        help_text=_("Forms and the API ask for it, and nothing clears it. Leads and imports may come without."),
    )  # fmt: skip
    help_text = models.CharField(_("help text"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower numbers come first."))
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["on", "key"], name="custom_field_once",
                violation_error_message=_("There is a custom field with this key already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = type(self)._base_manager.filter(pk=self.pk) if self.pk else type(self)._base_manager.none()
        if stored.exclude(key=self.key).exists():
            raise ValidationError({"key": _("The key of a custom field never changes.")})
        if stored.exclude(on=self.on).exists():
            raise ValidationError({"on": _("A custom field stays with the records it was made for.")})
        super().save(*args, **kwargs)

    @property
    def archived(self) -> bool:
        """Out of use: nobody writes it any more, and what is stored stays readable."""
        return self.archived_at is not None

    @archived.setter
    def archived(self, value: bool) -> None:
        if value != self.archived:
            self.archived_at = timezone.now() if value else None

    def clean(self) -> None:
        check(self)

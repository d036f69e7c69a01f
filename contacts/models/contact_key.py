"""What contacts are compared by, when looking for those that are stored twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact


class ContactKey(models.Model):
    """One thing by which a contact may be the same as another. `value` is a digest: the row itself tells nothing."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("same e-mail")
        EXTERNAL = "external", _("same external id")
        PHONE = "phone", _("same phone")
        BIRTH = "birth", _("same name and birth date")
        COMPANY = "company", _("same name and company")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="keys", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=32)

    class Meta:
        default_permissions = ()
        constraints = [
            # also finds a contact's keys
            models.UniqueConstraint(fields=["contact", "kind", "value"], name="contact_key_once"),
        ]
        indexes = [
            # duplicates.search: who shares this
            models.Index(fields=["value", "kind"], name="contact_key_shared"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

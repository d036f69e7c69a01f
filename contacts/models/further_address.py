"""The further e-mails and phones of contacts, as rows in which whoever writes or rings is found by index."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact


class FurtherAddress(models.Model):
    """One further e-mail (in lower case) or phone (E.164) of one contact. Derived; kept by `contacts.further`."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="further_addresses")
    value = models.CharField(max_length=254)

    class Meta:
        default_permissions = ()
        verbose_name = _("further address")
        verbose_name_plural = _("further addresses")
        constraints = [
            # identity.find_further: the oldest contact that has it
            models.UniqueConstraint(fields=["value", "contact"], name="further_address_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.value}"

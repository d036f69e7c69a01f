"""The dates of contacts, as rows that a scan over days finds by index."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.custom_field import CustomField


class DatedValue(models.Model):
    """One date of one contact: its birth date (no field) or a custom field. Derived; kept by `contacts.custom.dating`.

    `on` of a birthday whose year is not known lies in year 4 (`contacts.dates.dated.YEARLESS`), a leap year.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="dated_values")
    field = models.ForeignKey(CustomField, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    on = models.DateField()
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("date of a contact")
        verbose_name_plural = _("dates of contacts")
        constraints = [
            models.UniqueConstraint(fields=["contact", "field"], name="dated_value_once"),
            # NULLs count as different in the one above
            models.UniqueConstraint(fields=["contact"], condition=Q(field=None), name="dated_birthday_once"),
        ]
        indexes = [
            # dates.dated: on exactly these days
            models.Index(fields=["field", "on"], name="dated_value_on"),
            # dates.dated: on these days of every year or month
            models.Index(fields=["field", "month", "day"], name="dated_value_month_day"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.field_id or 'birth_date'} {self.on}"

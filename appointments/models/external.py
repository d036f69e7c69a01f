"""What booking systems outside have told of their bookings, in whatever order it came."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment


class ExternalBooking(models.Model):
    """One booking at a system outside. A rescheduled one is another booking there, and the same appointment here.

    `told` holds what was told last by the system's own clock, and its marks only ever grow: so the order in which
    things are told makes no difference (`appointments.outside`).
    """

    source = models.CharField(max_length=60)
    number = models.CharField(max_length=255)
    # the booking that it took the place of
    replaces = models.CharField(max_length=255, blank=True)
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.SET_NULL, related_name="external")
    told = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    told_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(default=False)
    is_cancelled = models.BooleanField(default=False)
    cancel_reason = models.CharField(max_length=300, blank=True)
    no_show = models.BooleanField(default=False)
    no_show_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("booking outside")
        verbose_name_plural = _("bookings outside")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="external_booking_once")]
        indexes = [
            # outside.take: which booking took the place of this one
            models.Index(fields=["source", "replaces"], condition=~models.Q(replaces=""), name="external_replaces"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"

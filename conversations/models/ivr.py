"""Calls that a workflow answers."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact


class IvrCall(models.Model):
    """One incoming call, what was said in it, and what it waits for.

    `script` is what the call has been told to do, in order: each an object with `turn`, `verb` and what the verb
    takes (`conversations.ivr.script`). A turn is one question of the provider's, "what now?"; asked again, it gets
    the same answer. `awaited` is the action whose answer the caller is to give; `run_id` the run that speaks.
    """

    provider = models.CharField(_("provider"), max_length=40)
    call_id = models.CharField(_("number of the call"), max_length=80)
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.CASCADE, related_name="ivr_calls",
    )  # fmt: skip
    from_number = models.CharField(_("from"), max_length=60, blank=True)
    to_number = models.CharField(_("to"), max_length=60, blank=True)
    # what the caller pressed and said last
    digits = models.CharField(_("keys"), max_length=64, blank=True)
    speech = models.CharField(_("words"), max_length=2000, blank=True)
    run_id = models.BigIntegerField(_("run"), null=True, blank=True)
    turn = models.PositiveSmallIntegerField(default=0)
    script = models.JSONField(_("script"), default=list)
    awaited = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("answered call")
        verbose_name_plural = _("answered calls")
        ordering = ["-id"]
        constraints = [
            # the provider asks again where our answer was lost: one call all the same
            models.UniqueConstraint(fields=["provider", "call_id"], name="ivr_call_once"),
        ]

    def __str__(self) -> str:
        return self.from_number or self.call_id

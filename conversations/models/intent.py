"""What a reply may mean, and the phrases by which that is known."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

LONGEST: Final = 80
MOST: Final = 500
KEY: Final = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*\Z"


def check_phrases(phrases: Any) -> None:
    """Raises ValidationError for what is no list of phrases; see `conversations.inbound.intents`."""
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise ValidationError(_now("Write one phrase a line."))
    if len(phrases) > MOST:
        raise ValidationError(_now("More than %(n)d phrases are too many.") % {"n": MOST})
    for phrase in phrases:
        if len(phrase) > LONGEST:
            words = {"phrase": f"{phrase[:30]}…", "n": LONGEST}
            raise ValidationError(_now("“%(phrase)s” is longer than %(n)d signs.") % words)
        if phrase != "?" and not any(letter.isalnum() for letter in phrase):
            raise ValidationError(_now("“%(phrase)s” holds no word.") % {"phrase": phrase})


class Intent(models.Model):
    """One meaning, such as positive. Workflows know it by its key."""

    key = models.CharField(
        _("key"), max_length=40, unique=True,
        validators=[RegexValidator(KEY, _("Use small letters, digits and single _, such as wants_price."))],
        help_text=_("What workflows and the API call it: event.intents."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=80)
    phrases = models.JSONField(_("phrases"), default=list, blank=True, validators=[check_phrases])

    class Meta:
        verbose_name = _("intent of replies")
        verbose_name_plural = _("intents of replies")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

"""What many mails say: written once, and used by workflows under its key."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from triggers import registry, text
from triggers.keyed import Keyed, once

ALWAYS = ("organisation.name", "organisation.postal_address")


def is_known(name: str) -> bool:
    """Whether a template may name this: the organisation, and what is known of any contact, such as its links."""
    namespace, _dot, rest = name.partition(".")
    source = registry.facts.get(namespace)
    of_contacts = source is not None and (source.of or namespace) == "contact"
    return name in ALWAYS or (of_contacts and source is not None and source.field(rest) is not None)


class MailTemplate(Keyed):
    """The body of mails. Changed, it is changed for every mail that is sent from then on."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    text = models.TextField(_("text"), blank=True, max_length=20_000)
    html = models.TextField(_("HTML"), blank=True, max_length=200_000)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        ordering = ["name", "id"]
        constraints = [once("mail_template_key_once")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Every merge field has to be there for any contact, whatever started the workflow."""
        if not self.text.strip() and not self.html.strip():
            raise ValidationError({"text": _now("The mail is empty. Write its text, its HTML, or both.")})
        found = {name: [str(each) for each in text.check(getattr(self, name), is_known)] for name in ("text", "html")}
        if any(found.values()):
            raise ValidationError({name: messages for name, messages in found.items() if messages})

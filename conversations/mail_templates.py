"""The bodies of mails that come from a template."""

from django.utils.translation import gettext as _

from conversations.models import MailTemplate


class NoTemplate(LookupError):
    """A template is gone; the message says which."""


def find(key: str) -> MailTemplate:
    """The template of this key. Raises NoTemplate."""
    found = MailTemplate.objects.filter(key=key).first()
    if found is None:
        raise NoTemplate(_("There is no mail template “%(key)s”.") % {"key": key[:60]})
    return found

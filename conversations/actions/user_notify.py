"""Tells staff something: a notice in the admin, an e-mail, a text message, or all of them."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.models import Contact
from conversations import addresses, composing, notices, staff_outside
from conversations.delivering import deliver, server
from conversations.gateways import NoGateway
from triggers.action_types import Action, Done, Fail, Outcome, Retry, Skip, Unsure, action
from triggers.models import Organisation
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "user.notify",
    label=gettext_lazy("Notify staff"),
    section="Messages",
    touches="outside",
    repeatable=True,
    texts=("text", "subject"),
)
class UserNotify(Action):
    """Tells staff something, in the admin, by e-mail and by SMS; it works without a contact.

    Each person gets a notice exactly once: it has a key of its own and is written, in one transaction, before
    any mail leaves. The mail is one for all of them, sent at least once under one Message-ID. Beyond 20 an
    hour a person's notices are gathered into one, and not mailed. Addresses and numbers may be anybody's: each gets
    the text by itself, and no more than 20 an hour either; the further ones are left out.
    """

    assigned_user: bool = Field(False, title=gettext_noop("The contact's owner"))
    usernames: list[str] = Field([], title=gettext_noop("These users"))
    group: str = Field("", title=gettext_noop("Everybody of a group"))
    superusers: bool = Field(False, title=gettext_noop("All superusers"))
    addresses: list[str] = Field(
        [], max_length=10, title=gettext_noop("These e-mail addresses"), json_schema_extra={"aside": True}
    )
    numbers: list[str] = Field(
        [], max_length=10, title=gettext_noop("These phone numbers, by SMS"), json_schema_extra={"aside": True}
    )
    text: str = Field(min_length=1, title=gettext_noop("Text"))
    subject: str = Field("", title=gettext_noop("Subject of the e-mail"))
    in_app: bool = Field(True, title=gettext_noop("In the app"))
    email: bool = Field(False, title=gettext_noop("By e-mail"))

    def problems(self, uid: str) -> list[Problem]:
        found = []
        people = self.assigned_user or self.usernames or self.group or self.superusers
        if not (people or self.addresses or self.numbers):
            found.append(Problem(("assigned_user",), _("Choose whom to tell.")))
        if people and not (self.in_app or self.email):
            found.append(Problem(("in_app",), _("Choose a notice, an e-mail, or both.")))
        named = get_user_model()._default_manager.filter(username__in=self.usernames)
        known = set(named.values_list("username", flat=True))
        for index, name in enumerate(self.usernames):
            if name not in known:
                found.append(Problem(("usernames", index), _("There is no user “%(name)s”.") % {"name": name}))
        if self.group and not Group.objects.filter(name=self.group).exists():
            found.append(Problem(("group",), _("There is no group “%(name)s”.") % {"name": self.group}))
        return [*found, *staff_outside.problems(self.addresses, self.numbers)]

    def needed(self) -> tuple[str, ...]:
        """Whom it reaches beside users costs money, or is a stranger: that is for those who may write to people."""
        return ("conversations.add_message",) if self.addresses or self.numbers else ()

    def destination(self) -> str:
        return server() if self.email or self.addresses else ""

    def run(self, ctx: RunContext) -> Outcome:
        contact = Contact.objects.filter(pk=ctx.contact_id).first()
        users = self._users(contact)
        if not users and not self.addresses and not self.numbers:
            return Skip(_("Nobody to tell: no active user fits."))
        text, link = ctx.render(self.text), contact.get_absolute_url() if contact else ""
        told = notices.tell(users, text, link, ctx.key, ctx.now, shown=self.in_app)
        try:
            trouble = self._mail(ctx, told, text, link) if self.email else None
            trouble = trouble or self._mail_outside(ctx, text, link) or staff_outside.text(self.numbers, text, ctx)
        except (addresses.BadAddress, NoGateway) as error:
            return Fail(str(error))
        if trouble is not None:
            return trouble
        result = {"users": [user.pk for user in users]}
        return Done(_("Told %(users)s.") % {"users": self._whom(users)}, result)

    def preview(self, ctx: RunContext) -> str:
        users = self._users(Contact.objects.filter(pk=ctx.contact_id).first())
        if not users and not self.addresses and not self.numbers:
            return _("Tells nobody: no active user fits.")
        words = {"users": self._whom(users), "text": ctx.render_line(self.text)}
        return _("Tells %(users)s: %(text)s") % words

    def _whom(self, users: list[User]) -> str:
        return ", ".join(
            [*(user.get_full_name() or user.get_username() for user in users), *self.addresses, *self.numbers]
        )

    def _users(self, contact: Contact | None) -> list[User]:
        wanted = Q(username__in=self.usernames)
        if self.assigned_user and contact is not None:
            wanted |= Q(pk=contact.owner_id)
        if self.group:
            wanted |= Q(groups__name=self.group)
        if self.superusers:
            wanted |= Q(is_superuser=True)
        active = get_user_model()._default_manager.filter(is_active=True)
        return list(active.filter(wanted).distinct().order_by("pk"))

    def _mail(self, ctx: RunContext, told: notices.Told, text: str, link: str) -> Outcome | None:
        """Sends what is to be mailed; what went wrong, or None."""
        where = f"{settings.PUBLIC_URL}{link}" if link else f"{settings.PUBLIC_URL}/admin/"
        more = _("There are many notices this hour. The further ones are in the admin: %(where)s")
        letters = (
            (told.one_by_one, f"{text}\n\n{where}\n", ""),
            (told.gathered, f"{more % {'where': where}}\n", ".more"),
        )
        for users, body, part in letters:
            receivers = [user.email for user in users if user.email]
            if receivers:
                outcome = self._send(ctx, receivers, body, part)
                if not isinstance(outcome, Done):
                    return outcome
        return None

    def _mail_outside(self, ctx: RunContext, text: str, link: str) -> Outcome | None:
        """A mail to each address that has not had it, in one with the others hidden; what went wrong, or None."""
        receivers = notices.still_to_tell([addresses.read(each) for each in self.addresses], ctx.key, ctx.now)
        if not receivers:
            return None
        where = f"\n\n{settings.PUBLIC_URL}{link}" if link else ""
        outcome = self._send(ctx, receivers, f"{text}{where}\n", ".out", hidden=True)
        if not isinstance(outcome, Done):
            return outcome
        notices.told(receivers, ctx.key)
        return None

    def _send(self, ctx: RunContext, receivers: list[str], body: str, part: str, *, hidden: bool = False) -> Outcome:
        organisation = Organisation.get()
        subject = ctx.render_line(self.subject) or _("Notice from %(name)s") % {"name": organisation.name}
        mail = EmailMessage(
            subject[:500], body, addresses.read(composing.sender(organisation)), [] if hidden else receivers,
            bcc=receivers if hidden else [], headers={"Message-ID": composing.message_id(ctx.key, part)},
        )  # fmt: skip
        ctx.request = {"server": server() or "mailbox", "to": receivers, "subject": mail.subject}
        delivery = deliver(mail)
        ctx.response, ctx.status_code = delivery.reply, delivery.code
        outcome = delivery.outcome
        return Retry(outcome.why) if isinstance(outcome, Unsure) else outcome

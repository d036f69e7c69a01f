"""Taking a mail in, by whatever way it came: an answer, a report that one of ours came back, or a program's word."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import statuses
from conversations.addresses import normalised
from conversations.inbound import attachments, reports
from conversations.inbound import mail as mails
from conversations.inbound.mail import Mail
from conversations.inbound.reports import Report
from conversations.inbound.taking import Incoming, Taken, arrived, close, receive_message
from conversations.models import Arrival, Message

Kind, Status = Arrival.Kind, Message.Status
FATES = {"failed": Status.BOUNCED, "delivered": Status.DELIVERED}


def receive_mail(raw: bytes, gateway: str, external_id: str, now: datetime) -> Taken:
    """Takes in a mail as its bytes. Once, also where a server comes to number its mail anew.

    What a program wrote is never an answer, and starts nothing.
    """
    mail = mails.read(raw)
    incoming = _incoming(mail, gateway, external_id)
    report = reports.read(mail.mime)
    if report is not None:
        return _reported(incoming, mail, report, now)
    if mail.is_automatic:
        why = _("A program wrote it: out of office, a newsletter, a notice.")
        return _aside(incoming, mail, Kind.AUTO_REPLY, why, now)
    if not mail.from_address:
        return _aside(incoming, mail, Kind.UNREADABLE, _("It says nothing of who wrote it."), now)
    return receive_message(incoming, now, mail.digest)


def _incoming(mail: Mail, gateway: str, external_id: str) -> Incoming:
    return Incoming(
        channel=Message.Channel.EMAIL, from_address=normalised(mail.from_address), body=mail.text,
        to_address=mail.to_address, subject=mail.subject, gateway=gateway, provider_id=external_id,
        message_id=mail.message_id, references=mail.answers, name=mail.from_name, said=mail.said,
        answers_key=mail.answers_key, files=tuple(attachments.in_mail(mail.mime)),
    )  # fmt: skip


@transaction.atomic
def _aside(incoming: Incoming, mail: Mail, kind: str, why: str, now: datetime) -> Taken:
    arrival, new = arrived(incoming, now, mail.digest)
    if not new:
        return Taken(arrival.message, arrival.kind, arrival.reason, again=True)
    return close(arrival, kind, why)


@transaction.atomic
def _reported(incoming: Incoming, mail: Mail, report: Report, now: datetime) -> Taken:
    """A mail of ours came back, or was delivered.

    Anybody can write such a report: only one that names the Message-ID of a mail to that very receiver counts.
    """
    arrival, new = arrived(incoming, now, mail.digest)
    if not new:
        return Taken(arrival.message, arrival.kind, arrival.reason, again=True)
    sent = Message.objects.filter(direction=Message.Direction.OUT, message_id__in=report.original_ids[:20]).first()
    if sent is None:
        return close(arrival, Kind.BOUNCE, _("It tells of a mail that nobody here has sent."))
    if report.receiver and report.receiver != normalised(sent.to_address):
        return close(arrival, Kind.BOUNCE, _("It tells of another receiver than the mail had."))
    status = FATES.get(report.action)
    if status is None:
        return close(arrival, Kind.BOUNCE, _("The server is still trying: %(text)s") % {"text": report.text[:200]})
    statuses.apply(sent.pk, status, now, now, code=report.code, text=report.text, lasting=report.lasting)
    return close(arrival, Kind.BOUNCE, report.text[:300], sent)

"""Sends the run's invoice to the contact."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from commerce import invoicing, links
from commerce.mailing import mail
from commerce.models import Invoice
from triggers.action_types import Action, Fail, Outcome, Skip, action
from triggers.problems import Invalid
from triggers.run_context import Gone, RunContext


@action(
    "invoice.send",
    label=gettext_lazy("Send invoice"),
    section="Payments",
    touches="outside",
    sends=True,
    texts=("subject", "text"),
    may_cause=("invoice.status_changed",),
    needs=("commerce.change_invoice", "conversations.add_message"),
)
class InvoiceSend(Action):
    """Sends the invoice that the run is about by e-mail, with the address of its page; a draft gets its number first.

    Without one, the contact's latest that is a draft or not paid. It is transactional: held while there is no address.
    """

    subject: str = Field("Your invoice", min_length=1, title=gettext_noop("Subject"))
    text: str = Field("Here is your invoice.", min_length=1, title=gettext_noop("Text"))

    def may_repeat(self) -> bool:
        return mail(self.subject, self.text).may_repeat()

    def destination(self) -> str:
        return mail(self.subject, self.text).destination()

    def run(self, ctx: RunContext) -> Outcome:
        invoice = self._found(ctx)
        if invoice is None:
            return Skip(_("There is no invoice to send."))
        if invoice.status in (Invoice.Status.PAID, Invoice.Status.VOID):
            return Skip(_("The invoice is paid or voided; there is nothing to send."))
        try:
            if not invoice.gateway:
                invoicing.send(invoice, ctx.now)
        except Invalid as error:
            return Fail(" ".join(problem.message for problem in error.problems))
        where = invoice.pay_url if invoice.gateway else links.of_invoice(invoice.pk)
        return mail(self.subject, self.text, where).run(ctx)

    def preview(self, ctx: RunContext) -> str:
        return mail(self.subject, self.text).preview(ctx)

    def simulate(self, ctx: RunContext) -> Outcome:
        return mail(self.subject, self.text).simulate(ctx)

    def _found(self, ctx: RunContext) -> Invoice | None:
        pk = ctx.object_id("invoice")
        if pk is None and ctx.contact_id is None:
            raise Gone(_("This run has no contact. Find or create one earlier in the workflow."))
        rows = Invoice.objects.filter(pk=pk) if pk is not None else Invoice.objects.filter(
            contact=ctx.contact_id).exclude(status__in=["paid", "void"])  # fmt: skip
        found: Invoice | None = rows.order_by("-pk").first()
        return found

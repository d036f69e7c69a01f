"""Charges the run's contact by what is on file with a payment provider."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from commerce import charging, paying
from commerce.charging import Charge
from commerce.models import Invoice
from commerce.models.invoice import UNSETTLED
from contacts import money
from contacts.custom.money import validate_currency
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Fail, Outcome, Skip, Unsure, action
from triggers.problems import Invalid, Problem
from triggers.run_context import RunContext


@action(
    "payment.charge",
    label=gettext_lazy("Charge the customer"),
    section="Payments",
    touches="outside",
    repeatable=True,
    outcomes=charging.OUTCOMES,
    texts=("text",),
    may_cause=("payment.received", "invoice.status_changed"),
    needs=("commerce.add_payment",),
)
class PaymentCharge(Action):
    """Takes what is owed, or a fixed amount, from the card or account that the customer has on file.

    Without an amount it is what is owed on the invoice that the run is about, or else on the contact's oldest unpaid
    one. The customer is not asked; a card that has to be confirmed is `declined`. A bank that answers in some days makes
    it `pending`, and the payment is told of when it is known. However often it is tried, it is charged once; where a
    try may have worked and the provider would not know it again any more, a person decides.
    """

    amount: Decimal | None = Field(
        None, gt=0, max_digits=14, decimal_places=4, title=gettext_noop("Amount; empty means what is owed"),
        examples=["49.00"],
    )  # fmt: skip
    currency: str = Field("EUR", title=gettext_noop("Currency of a fixed amount"))
    text: str = Field("", title=gettext_noop("What it is for, as the customer reads it"))
    through: str = Field("stripe", title=gettext_noop("Through"), json_schema_extra={"source": "charger"})

    def problems(self, uid: str) -> list[Problem]:
        found = []
        if self.through not in charging.chargers:
            found.append(Problem(("through",), _("Nothing called “%(name)s” charges.") % {"name": self.through}))
        try:
            validate_currency(self.currency)
            if self.amount is not None:
                paying.require_amount(self.amount, self.currency)
        except ValidationError as error:
            found.append(Problem(("currency",), " ".join(error.messages)))
        except Invalid as error:
            found += error.problems
        return found

    def destination(self) -> str:
        charger = charging.chargers.get(self.through)
        return charger.receiver() if charger else ""

    def run(self, ctx: RunContext) -> Outcome:
        asked = self._asked(ctx)
        if not isinstance(asked, Charge):
            return asked
        charger = charging.chargers[self.through]
        if charging.is_forgotten(asked.key, charger.remembers, ctx.now):
            return Unsure(_(
                "An earlier try may have worked, and it is too long ago to ask again safely. "
                "Look whether the payment is there before you have it charged again."
            ))  # fmt: skip
        outcome = charger.charge(asked, ctx.now)
        if isinstance(outcome, Done):
            ctx.forget_facts()
        return outcome

    def preview(self, ctx: RunContext) -> str:
        asked = self._asked(ctx)
        if not isinstance(asked, Charge):
            return str(getattr(asked, "summary", "") or getattr(asked, "why", ""))
        return _("Charges %(amount)s.") % {"amount": money.shown(asked.amount, asked.currency)}

    def simulate(self, ctx: RunContext) -> Outcome:
        asked = self._asked(ctx)
        return Done(self.preview(ctx), outcome=charging.RECEIVED) if isinstance(asked, Charge) else asked

    def _asked(self, ctx: RunContext) -> Charge | Outcome:
        """What is to be charged, or why nothing is."""
        contact = contact_of(ctx)
        if self.through not in charging.chargers:
            return Fail(_("Nothing called “%(name)s” charges.") % {"name": self.through})
        invoice = None if self.amount is not None else self._owed(ctx, contact.pk)
        if self.amount is None and invoice is None:
            return Skip(_("Nothing is owed."))
        customer = charging.customer_of(contact.pk, self.through)
        if not customer:
            words = {"contact": contact, "gateway": self.through.capitalize()}
            return Fail(_("%(contact)s is no customer at %(gateway)s, so there is nothing on file to charge.") % words)
        amount, currency = (invoice.owed, invoice.currency) if invoice else (self.amount, self.currency)
        assert amount is not None
        text = ctx.render_line(self.text).strip() or (str(invoice) if invoice else "")
        return Charge(customer, amount, currency, ctx.key, text[:200], invoice)

    def _owed(self, ctx: RunContext, contact_id: int) -> Invoice | None:
        """The run's invoice where something is owed on it; without one, the oldest of ours that is not paid."""
        rows = Invoice.objects.filter(UNSETTLED, gateway="", contact=contact_id)
        pk = ctx.object_id("invoice")
        rows = rows.filter(pk=pk) if pk is not None else rows
        return next((row for row in rows.order_by("due_on", "pk")[:20] if row.owed > 0), None)

"""Credits a sale to whoever recommended us to the contact."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from affiliates import crediting, selling
from affiliates.keys import CampaignNumber
from affiliates.models import Enrolment, Sale
from contacts import money
from contacts.custom.numbers import exact
from contacts.models import Contact
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.run_context import RunContext


@action(
    "affiliate.record_sale",
    label=gettext_lazy("Record an affiliate sale"),
    section="Affiliates",
    may_cause=("affiliate.sale_created",),
    texts=("amount", "currency", "reference", "code"),
    needs=("affiliates.add_sale",),
)
class AffiliateRecordSale(Action):
    """Records a sale to the contact, for the affiliate whose link it followed, or whose code is given.

    Where nobody recommended us, nothing is recorded. Payments of this installation are credited by themselves: record
    what was paid elsewhere.
    """

    campaign: CampaignNumber | None = Field(
        None, title=gettext_noop("Which campaign; empty for that of the link"), examples=[1],
        json_schema_extra={"source": "affiliate campaign"},
    )  # fmt: skip
    amount: str = Field(min_length=1, max_length=200, title=gettext_noop("Amount"), examples=["49.90"])
    currency: str = Field("EUR", min_length=1, max_length=200, title=gettext_noop("In which currency"))
    reference: str = Field("", max_length=500, title=gettext_noop("What staff know the order by"))
    code: str = Field(
        "", max_length=200, title=gettext_noop("Code of the affiliate; empty for whose link was followed"),
        json_schema_extra={"aside": True},
    )  # fmt: skip

    def run(self, ctx: RunContext) -> Outcome:
        buyer = contact_of(ctx)
        enrolment = self._credited(ctx, buyer)
        if enrolment is None:
            return Skip(self._nobody(ctx))
        try:
            sale, _is_new = selling.record(self._sold(ctx, enrolment, buyer))
        except ValidationError as error:
            return Fail(" ".join(error.messages))
        words = {"amount": money.shown(sale.amount, sale.currency), "affiliate": enrolment.affiliate}
        said = _("Credited %(amount)s to %(affiliate)s.") % words
        return Done(said, {"sale_id": sale.pk, "affiliate_id": enrolment.affiliate_id})

    def preview(self, ctx: RunContext) -> str:
        buyer = Contact.objects.filter(pk=ctx.contact_id or 0).first()
        enrolment = self._credited(ctx, buyer) if buyer else None
        if enrolment is None:
            return self._nobody(ctx)
        return _("Credits a sale to %(affiliate)s.") % {"affiliate": enrolment.affiliate}

    def _credited(self, ctx: RunContext, buyer: Contact) -> Enrolment | None:
        code = ctx.render_line(self.code)
        if code:
            return crediting.named(code, self.campaign)
        return crediting.referred(buyer, ctx.now, self.campaign)

    def _nobody(self, ctx: RunContext) -> str:
        code = ctx.render_line(self.code)
        if code:
            return _("No affiliate with the code “%(code)s” is enrolled there.") % {"code": code}
        return _("Nobody recommended us to the contact, or too long ago.")

    def _sold(self, ctx: RunContext, enrolment: Enrolment, buyer: Contact) -> selling.Sold:
        return selling.Sold(
            enrolment=enrolment, amount=_amount(ctx.render_line(self.amount)),
            currency=ctx.render_line(self.currency).upper(), buyer=buyer, kind=Sale.Kind.ONE_OFF, source="workflow",
            external_id=str(ctx.key), reference=ctx.render_line(self.reference), occurred_at=ctx.now,
        )  # fmt: skip


def _amount(text: str) -> Decimal:
    """Raises ValidationError at `amount`."""
    try:
        return exact(text, _("Enter an amount, for example 49.90."))
    except ValidationError as error:
        raise ValidationError({"amount": error.messages}) from None

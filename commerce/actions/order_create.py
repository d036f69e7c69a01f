"""Places an order for the contact."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from commerce import invoicing, ordering, subscribing
from commerce.keys import PriceNumber, SeriesNumber
from commerce.models import InvoiceSeries, Order, Price
from contacts import money
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext


@action(
    "order.create",
    label=gettext_lazy("Create order"),
    section="Payments",
    may_cause=("order.submitted", "invoice.status_changed", "subscription.status_changed"),
    adopts=("order", "invoice"),
    needs=("commerce.add_order",),
)
class OrderCreate(Action):
    """Places an order for the run's contact; the run goes on with it, and with its invoice where one is written."""

    prices: list[PriceNumber] = Field(
        min_length=1, max_length=50, title=gettext_noop("At these prices"), json_schema_extra={"source": "price"},
        examples=[[1]],
    )  # fmt: skip
    quantity: int = Field(1, ge=1, le=1000, title=gettext_noop("How many of each"))
    series: SeriesNumber | None = Field(
        None, title=gettext_noop("Send an invoice, in this series"), json_schema_extra={"source": "invoice series"}
    )

    def run(self, ctx: RunContext) -> Outcome:
        prices = {row.pk: row for row in Price.objects.filter(pk__in=self.prices).select_related("product")}
        missing = [str(number) for number in self.prices if number not in prices]
        if missing:
            return Fail(_("There is no price %(numbers)s any more.") % {"numbers": ", ".join(missing)})
        try:
            with transaction.atomic():
                order = self._place(ctx, prices)
        except ValidationError as error:
            return Fail(" ".join(error.messages))
        ctx.adopt("order", order.pk)
        words = {"amount": money.shown(order.total, order.currency)}
        return Done(_("Placed an order for %(amount)s.") % words, {"order_id": order.pk})

    def preview(self, ctx: RunContext) -> str:
        return _("Places an order.")

    def _place(self, ctx: RunContext, prices: dict[int, Price]) -> Order:
        series = InvoiceSeries.objects.filter(pk=self.series).first() if self.series else None
        chosen = [(prices[number], self.quantity, "primary") for number in self.prices]
        included = series.tax_included if series else True
        order = ordering.place(contact_of(ctx), chosen, source="workflow", now=ctx.now, tax_included=included)
        subscribing.of_order(order, prices, ctx.now, series)
        if order.status == Order.Status.PAID:
            subscribing.activate(order)
        elif series is not None:
            invoice = invoicing.of_order(order, series)
            invoicing.send(invoice, ctx.now)
            ctx.adopt("invoice", invoice.pk)
        return order

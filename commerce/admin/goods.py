"""Products, order forms, invoice series and templates in the admin: what staff set up."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.models import DocumentTemplate, InvoiceSeries, OrderForm, OrderFormItem, Price, Product
from contacts import money
from triggers.admin.pages import link
from triggers.admin.typed import ModelAdmin, TabularInline
from triggers.wording import look

if TYPE_CHECKING:
    _FormSet = BaseInlineFormSet[OrderFormItem, OrderForm, Any]
else:
    _FormSet = BaseInlineFormSet


class Prices(TabularInline[Price, Product]):
    """What it costs."""

    model = Price
    fields = ("name", "amount", "currency", "interval", "interval_count", "trial_days", "active")
    extra = 0
    min_num = 1


@admin.register(Product)
class ProductAdmin(ModelAdmin[Product]):
    """What is sold, with its prices."""

    inlines = (Prices,)
    list_display = ("name", "costs", "tax_rate", "state")
    list_filter = ("active", "gateway")
    search_fields = ("name",)
    fields = ("name", "description", ("tax_rate", "active"))
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).prefetch_related("prices")

    @admin.display(description=gettext_lazy("prices"))
    def costs(self, product: Product) -> str:
        return " · ".join(money.shown(each.amount, each.currency) for each in product.prices.all()) or "–"

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, product: Product) -> SafeString:
        return look.pill("live", _("Active")) if product.active else look.pill("paused", _("Switched off"))


@admin.register(Price)
class PriceAdmin(ModelAdmin[Price]):
    """All prices; they are written on their product's page. Here they are found."""

    list_display = ("called", "costs", "interval", "active")
    list_filter = ("interval", "active", "currency")
    search_fields = ("name", "product__name")
    list_select_related = ("product",)
    show_full_result_count = False
    fields = ("product", "name", ("amount", "currency"), ("interval", "interval_count"), ("trial_days", "active"))
    autocomplete_fields = ("product",)

    @admin.display(description=gettext_lazy("price"), ordering="product__name")
    def called(self, price: Price) -> str:
        return str(price)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def costs(self, price: Price) -> str:
        return money.shown(price.amount, price.currency)


class ItemFormSet(_FormSet):
    """Together they have one currency."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        codes = {each["price"].currency for each in kept if each.get("price") and not each.get("DELETE")}
        if len(codes) > 1:
            words = {"currencies": ", ".join(sorted(codes))}
            raise ValidationError(_("One order has one currency; these have several: %(currencies)s.") % words)


class Items(TabularInline[OrderFormItem, OrderForm]):
    """What can be ordered on the page."""

    model = OrderFormItem
    formset = ItemFormSet
    fields = ("position", "price", "kind", "most", "text")
    autocomplete_fields = ("price",)
    extra = 0
    min_num = 1


@admin.register(OrderForm)
class OrderFormAdmin(ModelAdmin[OrderForm]):
    """Pages that anybody can order on."""

    inlines = (Items,)
    list_display = ("name", "page", "ordered", "state")
    list_filter = ("active",)
    search_fields = ("name", "title")
    autocomplete_fields = ("upsell",)
    show_full_result_count = False
    readonly_fields = ("page",)
    fieldsets = (
        (None, {"fields": ("name", "page", "active", "series")}),
        (gettext_lazy("What it says"), {"fields": ("title", "intro", "button", "thank_you", "terms")}),
        (gettext_lazy("What it asks"), {"fields": ("two_steps", ("asks_phone", "asks_address"), "per_minute")}),
        (gettext_lazy("Offered afterwards"), {"fields": ("upsell", "upsell_text")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderForm]:
        rows: QuerySet[OrderForm] = super().get_queryset(request).annotate(n_orders=Count("orders"))
        return rows

    @admin.display(description=gettext_lazy("its page"))
    def page(self, form: OrderForm) -> SafeString:
        return link(form.address, form.address) if form.pk else link("", "–")

    @admin.display(description=gettext_lazy("orders"), ordering="n_orders")
    def ordered(self, form: Any) -> int:
        return int(form.n_orders)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, form: OrderForm) -> SafeString:
        return look.pill("live", _("Active")) if form.active else look.pill("paused", _("Switched off"))


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(ModelAdmin[InvoiceSeries]):
    """How invoices are numbered, and what stands on each."""

    list_display = ("name", "upcoming", "days_to_pay", "tax_included")
    fields = ("name", ("prefix", "digits", "next_number"), ("days_to_pay", "tax_included"), "notes", "pay_link")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Once a number was given, the next is what it is."""
        return ("next_number",) if obj and obj.invoices.exists() else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.invoices.exists())

    @admin.display(description=gettext_lazy("next number"))
    def upcoming(self, series: InvoiceSeries) -> str:
        return series.written(series.next_number)


@admin.register(DocumentTemplate)
class DocumentTemplateAdmin(ModelAdmin[DocumentTemplate]):
    """What documents say, with merge fields."""

    list_display = ("name", "title", "countersigned", "active")
    list_filter = ("active",)
    search_fields = ("name", "title")
    fields = ("name", "title", "body", ("countersigned", "days_open", "active"))

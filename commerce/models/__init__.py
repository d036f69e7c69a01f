"""The tables of commerce."""

from commerce.models.base import Gateway
from commerce.models.checkout import Checkout
from commerce.models.customer import Customer
from commerce.models.document import Document, DocumentMark, DocumentTemplate
from commerce.models.invoice import Invoice, InvoiceLine, InvoiceSeries
from commerce.models.order import Order
from commerce.models.order_form import OrderForm, OrderFormItem
from commerce.models.payment import Payment, Refund
from commerce.models.product import Price, Product
from commerce.models.subscription import Subscription

__all__ = [
    "Checkout", "Customer", "Document", "DocumentMark", "DocumentTemplate", "Gateway", "Invoice", "InvoiceLine", "InvoiceSeries",
    "Order", "OrderForm", "OrderFormItem", "Payment", "Price", "Product", "Refund", "Subscription",
]  # fmt: skip

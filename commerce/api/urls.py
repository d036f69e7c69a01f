"""The resources of commerce, for the router of `/api/v1/`."""

from rest_framework.routers import BaseRouter

from commerce.api import views


def register(router: BaseRouter) -> None:
    router.register("products", views.ProductViewSet, "product")
    router.register("prices", views.PriceViewSet, "price")
    router.register("order-forms", views.OrderFormViewSet, "orderform")
    router.register("orders", views.OrderViewSet, "order")
    router.register("invoice-series", views.InvoiceSeriesViewSet, "invoiceseries")
    router.register("invoices", views.InvoiceViewSet, "invoice")
    router.register("payments", views.PaymentViewSet, "payment")
    router.register("refunds", views.RefundViewSet, "refund")
    router.register("subscriptions", views.SubscriptionViewSet, "subscription")
    router.register("document-templates", views.DocumentTemplateViewSet, "documenttemplate")
    router.register("documents", views.DocumentViewSet, "document")
    router.register("checkouts", views.CheckoutViewSet, "checkout")

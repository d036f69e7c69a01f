"""The public addresses of commerce, to be included at the root: order forms, invoices, documents."""

from django.urls import path

from commerce.order_views import order_page, thanks_page
from commerce.paper_views import document_page, invoice_page

app_name = "commerce"
urlpatterns = [
    path("order/<slug:key>/", order_page, name="order_form"),
    path("invoice/<str:token>/", invoice_page, name="invoice"),
    path("document/<str:token>/", document_page, name="document"),
    path("order/<slug:key>/thanks/<str:token>/", thanks_page, name="thanks"),
]

"""The public address of inbound webhooks: `/in/<token>/`, to be included at the root."""

from django.urls import path

from capture import views

app_name = "capture"
urlpatterns = [
    path("in/<str:token>/", views.receive, name="receive"),
    # A redirect to the address with the slash would turn a POST into a GET.
    path("in/<str:token>", views.receive),
]

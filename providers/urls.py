"""The public address of connections: `/hooks/<provider>/<connection>/`, to be included at the root."""

from django.urls import path

from providers import views

app_name = "providers"
urlpatterns = [
    path("hooks/<str:provider>/<str:connection>/", views.receive, name="receive"),
    # A redirect to the address with the slash would turn a POST into a GET.
    path("hooks/<str:provider>/<str:connection>", views.receive),
]

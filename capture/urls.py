"""The public addresses of capture, to be included at the root: inbound webhooks, forms, links, reports of websites."""

from django.urls import path

from capture import views
from capture.beacon_views import beacon
from capture.form_views import form_page
from capture.link_views import follow

app_name = "capture"
urlpatterns = [
    path("in/<str:token>/", views.receive, name="receive"),
    # A redirect to the address with the slash would turn a POST into a GET, and mail programs cut slashes off.
    path("in/<str:token>", views.receive),
    path("f/<slug:key>/", form_page, name="form"),
    path("f/<slug:key>", form_page),
    path("l/<str:token>/", follow, name="link"),
    path("l/<str:token>", follow),
    path("b/", beacon, name="beacon"),
    path("b", beacon),
]

"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

from concours import views

urlpatterns = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include(("concours.api", "api"))),
    path("", include("capture.urls")),
    path("", include("commerce.urls")),
    path("", include("providers.urls")),
    path("", include("conversations.urls")),
    path("", include("contacts.urls")),
    path("", include("pipelines.urls")),
    path("", include("appointments.urls")),
    path("", include("courses.urls")),
    path("", include("affiliates.urls")),
]

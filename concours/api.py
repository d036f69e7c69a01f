"""`/api/v1/`: every app's resources under one router, their OpenAPI document, and its page for people."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from triggers.api import problems
from triggers.api.keys import HasScope

# An app puts its resources into `<app>/api/urls.py`, with `register(router)`.
APPS: Final = (
    "contacts",
    "pipelines",
    "appointments",
    "capture",
    "commerce",
    "conversations",
    "communities",
    "courses",
    "affiliates",
    "providers",
    "triggers",
)


class Router(DefaultRouter):
    """One address a resource: no `.json` twins."""

    include_format_suffixes = False


def router() -> Router:
    """All resources of all apps that have any."""
    made = Router()
    for app in APPS:
        if find_spec(f"{app}.api") and find_spec(f"{app}.api.urls"):
            import_module(f"{app}.api.urls").register(made)
    return made


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Everything else under `/api/`: a problem document too, whatever the method."""
    return problems.answer(Http404(), request)


urlpatterns = [
    path("v1/schema/", SpectacularAPIView.as_view(permission_classes=[HasScope]), name="schema"),
    path(
        "v1/docs/",
        staff_member_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema", permission_classes=[])),
        name="docs",
    ),
    path("v1/", include(router().urls)),
    re_path("", nothing_here),
]

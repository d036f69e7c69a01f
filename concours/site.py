"""The admin site: its frame around every page, and the pages that belong to no model."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours import navigation
from concours.bounded import BoundedPaginator
from triggers.models import Organisation


class ConcoursSite(AdminSite):
    """Django's admin site, with our navigation in place of the list of applications."""

    site_title = "Concours"
    site_header = "Concours"
    site_url = None
    index_title = gettext_lazy("Today")
    index_template = "admin/today.html"
    empty_value_display = "–"
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **super().each_context(request),
            "organisation": SimpleLazyObject(Organisation.get),
            "navigation": SimpleLazyObject(lambda: navigation.build(self, request)),
        }

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every list counts no further than `bounded.MOST`, those of other packages too."""
        super().register(model_or_iterable, admin_class, **options)
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        for model in models:
            listed = self._registry.get(model)
            if listed is not None:
                listed.paginator, listed.show_full_result_count = BoundedPaginator, False  # type: ignore[misc]

    def get_urls(self) -> list[Any]:
        from concours import finding
        from triggers.admin.across import across_page
        from triggers.admin.explain import explain_page
        from triggers.admin.history import history_page
        from triggers.admin.scheduler import scheduler_page

        own: list[URLPattern | URLResolver] = [
            path("find/", self.admin_view(finding.find), name="find"),
            path("triggers/explain/", self.admin_view(explain_page), name="triggers_explain"),
            path("triggers/across/", self.admin_view(across_page), name="triggers_across"),
            path("history/", self.admin_view(history_page), name="triggers_history"),
            path("triggers/scheduler/", self.admin_view(scheduler_page), name="triggers_scheduler"),
        ]
        return [*own, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What needs a person today, before anything else."""
        from concours import today

        context = {**self.each_context(request), "title": _("Today"), **today.gather(request)}
        return TemplateResponse(request, self.index_template, {**context, **(extra_context or {})})

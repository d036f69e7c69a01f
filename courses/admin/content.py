"""Courses, their categories and lessons, and offers in the admin: what staff set up."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Category, Enrolment, Lesson, Offer, Product
from triggers.admin.pages import link, page_of
from triggers.admin.typed import ModelAdmin, TabularInline
from triggers.wording import look
from triggers.wording.numbers import grouped


class Categories(TabularInline[Category, Product]):
    """Its parts, in order."""

    model = Category
    fields = ("position", "title", "external_id")
    extra = 0
    show_change_link = True
    verbose_name_plural = gettext_lazy("Categories")


class Lessons(TabularInline[Lesson, Category]):
    """Its lessons, in order."""

    model = Lesson
    fields = ("position", "title", "published", "external_id")
    extra = 0
    show_change_link = True
    verbose_name_plural = gettext_lazy("Lessons")


@admin.register(Product)
class ProductAdmin(ModelAdmin[Product]):
    """What is taught, part by part."""

    inlines = (Categories,)
    list_display = ("title", "state", "n_lessons", "n_learners", "n_completed")
    list_filter = ("published",)
    search_fields = ("title", "key")
    fields = ("title", "description", ("published", "external_id"))
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        rows: QuerySet[Product] = super().get_queryset(request)
        learned = Enrolment.objects.all()
        return rows.annotate(
            lessons=_counted(Lesson.objects.filter(published=True), "category__product"),
            learners=_counted(learned, "product"),
            completed=_counted(learned.filter(completed_at__isnull=False), "product"),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Product | None = None) -> bool:
        """One that somebody learns is taken back instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.enrolments.exists())

    @admin.display(description=gettext_lazy("state"), ordering="published")
    def state(self, product: Product) -> SafeString:
        return look.pill("live", _("Published")) if product.published else look.pill("draft", _("Not published"))

    @admin.display(description=gettext_lazy("lessons"), ordering="lessons")
    def n_lessons(self, product: Any) -> str:
        return grouped(product.lessons)

    @admin.display(description=gettext_lazy("learners"), ordering="learners")
    def n_learners(self, product: Any) -> str:
        return grouped(product.learners)

    @admin.display(description=gettext_lazy("completed"), ordering="completed")
    def n_completed(self, product: Any) -> str:
        return grouped(product.completed)


@admin.register(Category)
class CategoryAdmin(ModelAdmin[Category]):
    """Parts of courses, each with its lessons."""

    inlines = (Lessons,)
    list_display = ("title", "course", "position", "n_lessons")
    list_filter = ("product",)
    list_select_related = ("product",)
    search_fields = ("title", "product__title")
    autocomplete_fields = ("product",)
    fields = ("product", "title", ("position", "external_id"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        rows: QuerySet[Category] = super().get_queryset(request)
        return rows.annotate(n=Count("lessons"))

    @admin.display(description=gettext_lazy("course"), ordering="product__title")
    def course(self, category: Category) -> SafeString:
        return link(page_of(category.product), category.product)

    @admin.display(description=gettext_lazy("lessons"), ordering="n")
    def n_lessons(self, category: Any) -> str:
        return grouped(category.n)


@admin.register(Lesson)
class LessonAdmin(ModelAdmin[Lesson]):
    """All lessons, with what they say."""

    list_display = ("title", "course", "category", "position", "state")
    list_filter = ("published", "category__product")
    list_select_related = ("category__product",)
    search_fields = ("title", "category__title", "category__product__title")
    autocomplete_fields = ("category",)
    fields = ("category", "title", "body", "video_url", ("position", "published", "external_id"))
    show_full_result_count = False

    @admin.display(description=gettext_lazy("course"), ordering="category__product__title")
    def course(self, lesson: Lesson) -> str:
        return lesson.category.product.title

    @admin.display(description=gettext_lazy("state"), ordering="published")
    def state(self, lesson: Lesson) -> SafeString:
        return look.pill("live", _("Published")) if lesson.published else look.pill("draft", _("Not published"))


@admin.register(Offer)
class OfferAdmin(ModelAdmin[Offer]):
    """What people get at once."""

    list_display = ("title", "state", "held", "page")
    list_filter = ("open",)
    search_fields = ("title", "key")
    autocomplete_fields = ("products",)
    readonly_fields = ("page",)
    fields = ("title", "description", "products", ("access_days", "price_text"), "open", "page")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        rows: QuerySet[Offer] = super().get_queryset(request)
        return rows.annotate(n_held=Count("accesses", filter=Q(accesses__removed_at=None)))

    def has_delete_permission(self, request: HttpRequest, obj: Offer | None = None) -> bool:
        """One that somebody holds or held is closed instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.accesses.exists())

    @admin.display(description=gettext_lazy("state"), ordering="open")
    def state(self, offer: Offer) -> SafeString:
        return look.pill("live", _("Open")) if offer.open else look.pill("paused", _("Closed"))

    @admin.display(description=gettext_lazy("held by"), ordering="n_held")
    def held(self, offer: Any) -> str:
        return grouped(offer.n_held)

    @admin.display(description=gettext_lazy("its page"))
    def page(self, offer: Offer) -> SafeString:
        return link(offer.address, offer.address) if offer.pk and offer.open else link("", "–")


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many rows belong to the course, each kind counted by itself: joined, they would multiply."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)

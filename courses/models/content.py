"""What is taught: courses with their categories and lessons, and the offers by which people get them."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.keyed import Keyed, once


class Titled(Keyed):
    """A row with a title, from which its key is made."""

    title = models.CharField(_("title"), max_length=160)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        return self.title


class External(models.Model):
    """A row that an outside learning system knows by a number of its own."""

    external_id = models.CharField(
        _("its number outside"), max_length=160, null=True, blank=True, unique=True, default=None,
        help_text=_("By which a learning system outside reports progress."),
    )  # fmt: skip

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        # An empty form field is no number that another row could have, too.
        self.external_id = self.external_id or None
        super().save(*args, **kwargs)


class Product(Titled, External):
    """A course. With a number outside it is taught there, and whoever teaches it says who may take it."""

    description = models.TextField(_("description"), max_length=4000, blank=True)
    published = models.BooleanField(
        _("published"), default=False, help_text=_("Until then nobody sees it in the member area.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title", "id"]
        constraints = [once("course_product_key_once")]

    @property
    def is_taught_outside(self) -> bool:
        return self.external_id is not None


class Category(Titled, External):
    """A part of a course."""

    key_within = "product"

    product = models.ForeignKey(Product, verbose_name=_("course"), on_delete=models.CASCADE, related_name="categories")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["product__title", "product_id", "position", "id"]
        constraints = [once("course_category_key_once", "product")]


class Lesson(Titled, External):
    """One lesson of a category: a text, a film, or both."""

    key_within = "category"

    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.CASCADE, related_name="lessons"
    )  # fmt: skip
    body = models.TextField(
        _("text"), max_length=50_000, blank=True,
        help_text=_("Plain text: an empty line begins a paragraph, and addresses become links. HTML is shown as it is."),
    )  # fmt: skip
    video_url = models.CharField(
        _("film"), max_length=500, blank=True, help_text=_("The https address of a film, such as an MP4 file.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    published = models.BooleanField(_("published"), default=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["category__product__title", "category__position", "category_id", "position", "id"]
        constraints = [once("course_lesson_key_once", "category")]

    def clean(self) -> None:
        parts = urlsplit(self.video_url)
        own = self.video_url.startswith("/") and not self.video_url.startswith("//")
        if self.video_url and not own and (parts.scheme != "https" or not parts.hostname):
            raise ValidationError(
                {"video_url": _("Enter an address that begins with https://, or a path of this site.")}
            )


class Offer(Titled):
    """What people get at once: one course or several, for a while or for good."""

    description = models.TextField(_("description"), max_length=4000, blank=True)
    products = models.ManyToManyField(Product, verbose_name=_("courses"), related_name="offers")
    access_days = models.PositiveIntegerField(
        _("days of access"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text=_("Counted from the day it is given; empty for access without end."),
    )  # fmt: skip
    price_text = models.CharField(
        _("price"), max_length=80, blank=True, help_text=_("As its page says it, such as € 49.")
    )
    open = models.BooleanField(
        _("open to sign-up"), default=False, help_text=_("Anybody may then sign up for it on its page, free of charge.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("course offer")
        verbose_name_plural = _("course offers")
        ordering = ["title", "id"]
        constraints = [once("course_offer_key_once")]

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_URL}/learn/offer/{self.key}/"

"""`/learn/c/<course>/`: taking a course: its categories, its lessons, and the certificate at the end."""

from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import granting, learning, public, standing
from courses.models import Certificate, Enrolment, Lesson, Member, Product
from triggers import media
from triggers.outside import programs

# What browsers play themselves; every other address is a link.
FILMS: Final = (".mp4", ".m4v", ".webm", ".mov", ".ogv")


@public.own
def course_page(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The course with its categories and how far the member is; 404 and 403 where it is not there or not theirs."""
    product = Product.objects.filter(key=key, published=True).first()
    if product is None:
        return _nothing(request)
    if not granting.holds(member.contact_id, product, timezone.now()):
        return _refused(request)
    enrolment = Enrolment.objects.filter(contact=member.contact_id, product=product).first()
    plan = standing.plan(product, enrolment)
    context = {
        "heading": product.title, "product": product, "plan": plan, "next": standing.next_of(plan),
        "stands": standing.of(enrolment) if enrolment else standing.Standing(),
        "certificates": Certificate.objects.filter(
            contact=member.contact_id, template__product=product, revoked_at=None
        ).order_by("-issued_at")[:20],
    }  # fmt: skip
    return public.shown(request, "courses/course.html", context)


@public.own
def lesson_page(request: HttpRequest, member: Member, key: str, pk: int) -> HttpResponse:
    """A lesson: opening it begins it, and the button below completes it."""
    lessons = Lesson.objects.filter(published=True, category__product__published=True, category__product__key=key)
    lesson = lessons.filter(pk=pk).select_related("category__product").first()
    if lesson is None:
        return _nothing(request)
    now, product = timezone.now(), lesson.category.product
    if not granting.holds(member.contact_id, product, now):
        return _refused(request)
    if request.method == "POST":
        learning.note(member.contact, lesson, "completed", now)
        return _onward(member, product, lesson)
    if request.method == "GET" and not programs.is_ahead(request.headers):
        learning.note(member.contact, lesson, "started", now)
    enrolment = Enrolment.objects.filter(contact=member.contact_id, product=product).first()
    ordered = [each for _category, lessons in standing.plan(product, enrolment) for each in lessons]
    at = next(place for place, each in enumerate(ordered) if each.lesson.pk == lesson.pk)
    plays = urlsplit(lesson.video_url).path.lower().endswith(FILMS)
    context = {
        "heading": lesson.title, "lesson": lesson, "product": product, "is_done": ordered[at].is_done, "plays": plays,
        "earlier": ordered[at - 1].lesson if at else None,
        "later": ordered[at + 1].lesson if at + 1 < len(ordered) else None,
        "place": at + 1, "count": len(ordered),
    }  # fmt: skip
    response = public.shown(request, "courses/lesson.html", context)
    media.allow(response, [lesson.video_url] if plays else [])
    return response


@public.own
def own_certificate(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """The certificate as it is printed, for whom it was given to."""
    certificate = Certificate.objects.filter(number=number, contact=member.contact_id).first()
    if certificate is None:
        return _nothing(request)
    context = {
        "heading": certificate.title, "certificate": certificate, "standing": certificate.standing(timezone.now()),
        "mine": True,
    }  # fmt: skip
    return public.shown(request, "courses/certificate.html", context)


def _onward(member: Member, product: Product, lesson: Lesson) -> HttpResponse:
    """To the next lesson that is not done, from this one on; back to the course where there is none."""
    enrolment = Enrolment.objects.filter(contact=member.contact_id, product=product).first()
    ordered = [each for _category, lessons in standing.plan(product, enrolment) for each in lessons]
    at = next((place for place, each in enumerate(ordered) if each.lesson.pk == lesson.pk), 0)
    following = next((each.lesson for each in ordered[at + 1 :] if not each.is_done), None)
    if following is None:
        return redirect("courses:course", key=product.key)
    return redirect("courses:lesson", key=product.key, pk=following.pk)


def _nothing(request: HttpRequest) -> HttpResponse:
    told = _("The address was not copied in full, or it has been taken away.")
    return public.said(request, 404, _("There is nothing here"), told, back=True)


def _refused(request: HttpRequest) -> HttpResponse:
    told = _("You have no access to this course, or not any more. What you learned in it is kept.")
    return public.said(request, 403, _("This course is not open to you"), told, back=True)

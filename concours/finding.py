"""The search in the header: contacts, deals, appointments, maps, workflows and runs by what staff remember of them."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from appointments.models import Appointment
from pipelines.models import Map, Opportunity
from triggers.models import Run, Workflow
from triggers.wording import people, sentences

MOST: Final = 20


def find(request: HttpRequest) -> HttpResponse:
    """`?q=`: what fits, each kind only for those who may see it."""
    words = request.GET.get("q", "").strip()[:200]
    may = request.user.has_perm
    found: dict[str, Any] = {"contacts": [], "deals": [], "appointments": [], "maps": [], "workflows": [], "runs": []}
    may_deals, may_appointments = may("pipelines.view_opportunity"), may("appointments.view_appointment")
    may_any = may_deals or may_appointments or may("contacts.view_contact")
    ids = people.matching_contacts(words, MOST) if words and may_any else []
    if words and may("contacts.view_contact"):
        found["contacts"] = [(people.contact_url(pk), name) for pk, name in people.contact_names(ids).items()]
    if words and may_deals:
        deals = Opportunity.objects.select_related("contact", "stage__pipeline")
        found["deals"] = deals.filter(Q(name__icontains=words) | Q(contact__in=ids))[:MOST]
    if words and may_appointments:
        rows = Appointment.objects.select_related("contact", "calendar")
        found["appointments"] = rows.filter(Q(title__icontains=words) | Q(contact__in=ids))[:MOST]
    if words and may("pipelines.view_map"):
        maps = Map.objects.filter(Q(name__icontains=words) | Q(description__icontains=words))
        found["maps"] = maps.order_by("-active", "name")[:MOST]
    if words and may("triggers.view_workflow"):
        named = Workflow.objects.filter(Q(name__icontains=words) | Q(description__icontains=words))[:MOST]
        found["workflows"] = [(each, sentences.sentence(each.draft)) for each in named]
    if words.isdigit() and len(words) < 19 and may("triggers.view_run"):
        found["runs"] = list(Run.objects.filter(pk=int(words)).select_related("workflow"))
    title = _("Found for “%(words)s”") % {"words": words} if words else _("Find")
    context = {**admin.site.each_context(request), "title": title, "words": words, **found}
    return TemplateResponse(request, "admin/find.html", context)

"""A contact's page: what happened around the person, and beside it what they allow, what is to be done, who they are.

The form stands behind `?edit`.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.contrib.admin.utils import unquote
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import countries, services
from contacts.admin import cards, custom_form
from contacts.models import CHANNELS, Contact, DndChange, Note, Tag, Task
from triggers.admin.buttons import Buttons, button
from triggers.problems import Invalid, Problem
from triggers.wording import people
from triggers.wording.look import pill

if TYPE_CHECKING:
    from contacts.admin.people import PeoplePages

    _Admin = PeoplePages
else:
    _Admin = object

CHANGE: Final = "contacts.change_contact"
# How many of the latest changes of do-not-disturb and of the score stand on the page, and how many tasks.
LATEST: Final = 8
TASKS: Final = 12
LONGEST_NOTE: Final = 20_000
# What asks for the form instead of the page.
EDITING: Final = frozenset({"edit", "_popup"})


class PersonPage(Buttons, _Admin):
    """Shows the page where others show the form, and does what its buttons say."""

    person_template = "admin/contacts/contact/page.html"

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        if request.method != "GET" or EDITING & request.GET.keys():
            return super().change_view(request, object_id, form_url, extra_context)
        contact = self.get_object(request, unquote(object_id))
        if contact is None or not self.has_view_permission(request, contact):
            return super().change_view(request, object_id, form_url, extra_context)
        return TemplateResponse(request, self.person_template, self._page(request, contact))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        answer: HttpResponse = super().response_change(request, obj)
        return redirect(f"{self.page_url(obj)}?edit=1") if "_continue" in request.POST else answer

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> Any:
        return redirect(self.page_url(obj))

    @button(gettext_lazy("Save note"), permission="contacts.add_note")
    def note(self, request: HttpRequest, contact: Contact) -> str:
        body = request.POST.get("note", "").strip()
        if not body:
            raise Invalid([Problem(("note",), _("Write something first."))])
        if len(body) > LONGEST_NOTE:
            raise Invalid([Problem(("note",), _("A note may have at most %(n)d characters.") % {"n": LONGEST_NOTE})])
        Note.objects.create(contact=contact, body=body, author_id=request.user.pk)
        return _("Note saved.")

    @button(gettext_lazy("Add tag"), permission=CHANGE)
    def tag(self, request: HttpRequest, contact: Contact) -> str:
        added = services.add_tags(contact, [request.POST.get("tag", "")])
        return _("Tag %(name)s added.") % {"name": added[0]} if added else ""

    @button(gettext_lazy("Remove tag"), permission=CHANGE)
    def untag(self, request: HttpRequest, contact: Contact) -> str:
        removed = services.remove_tags(contact, [request.POST.get("tag", "")])
        return _("Tag %(name)s removed.") % {"name": removed[0]} if removed else ""

    def _page(self, request: HttpRequest, contact: Contact) -> dict[str, Any]:
        may_change = self.has_change_permission(request, contact)
        tags = sorted(contact.tags.all(), key=lambda tag: tag.name.casefold())
        return {
            **self.admin_site.each_context(request),
            "title": str(contact), "opts": self.opts, "original": contact, "now_path": request.get_full_path(),
            "state": pill(contact.lead_status, contact.get_lead_status_display()), "may_change": may_change,
            "may_delete": self.has_delete_permission(request, contact), "initials": initials(contact),
            "cards": cards.shown(request, contact), "allowed": allowed(contact),
            "score_changes": told(contact.score_changes.all()), "tags": tags,
            "tags_to_add": Tag.objects.exclude(pk__in=[tag.pk for tag in tags]).order_by("name")[:500]
            if may_change else [],
            "tasks": open_tasks(contact), "details": details(contact), "country": countries.name(contact.country),
            **self.person_context(request, contact),
        }  # fmt: skip


def initials(contact: Contact) -> str:
    """The first letters of the names, or of the e-mail."""
    return "".join(name[:1] for name in (contact.first_name, contact.last_name)).upper() or str(contact)[:1].upper()


def open_tasks(contact: Contact) -> list[Task]:
    """What is to be done for the contact, the most pressing first."""
    rows = contact.tasks.filter(completed_at=None).select_related("assignee")
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "-priority", "pk")[:TASKS])


def allowed(contact: Contact) -> list[dict[str, Any]]:
    """Each channel: its name, whether it is closed, and the change that closed it."""
    latest: dict[str, DndChange] = {}
    for change in told(contact.dnd_changes.all()):
        latest.setdefault(change.channel, change)
    return [
        {
            "name": label, "closed": contact.is_closed(key),
            "change": latest.get(key) or latest.get("all") if contact.is_closed(key) else None,
        }
        for key, label in CHANNELS
    ]  # fmt: skip


def details(contact: Contact) -> list[tuple[Any, Any, str]]:
    """What is known about the person: label, value, and where it leads; what is not known is left out."""
    label = {field.name: field.verbose_name for field in Contact._meta.concrete_fields}
    address = ", ".join(
        part for part in (contact.street, f"{contact.postal_code} {contact.city}".strip(), contact.state) if part
    )
    zone = contact.time_zone and f"{contact.time_zone}, {local_time(contact.time_zone)}"
    rows = [
        (label["email"], contact.email, f"mailto:{quote(contact.email, safe='@')}"),
        (label["phone"], contact.phone, f"tel:{contact.phone}"),
        *((label["email"], each, "") for each in contact.extra_emails),
        *((label["phone"], each, "") for each in contact.extra_phones),
        (label["company"], contact.company, ""), (label["job_title"], contact.job_title, ""),
        (label["website"], contact.website, contact.website), (_("address"), address, ""),
        (label["country"], countries.name(contact.country), ""), (label["time_zone"], zone, ""),
        (label["language"], contact.language, ""),
        (_("birthday"), birthday(contact), ""),
        (label["score"], contact.score, ""), (label["source"], contact.source, ""),
        (label["external_id"], contact.external_id, ""),
        *((name, value, "") for name, value in custom_form.shown(contact.custom_fields)),
    ]  # fmt: skip
    return [row for row in rows if row[1] not in ("", None)]


def birthday(contact: Contact) -> str:
    """The day in words, with the year where it is known."""
    if contact.birth_date:
        return date_format(contact.birth_date, "DATE_FORMAT")
    month_and_day = contact.yearless_birthday
    return date_format(date.fromisoformat(f"2000-{month_and_day}"), "MONTH_DAY_FORMAT") if month_and_day else ""


def local_time(zone: str) -> str:
    """What a clock on the wall there shows; empty where there is no such zone."""
    try:
        return f"{timezone.now().astimezone(ZoneInfo(zone)):%H:%M}"
    except (ValueError, OSError):
        return ""


def told(changes: Any) -> list[Any]:
    """The latest rows of a log, each with `who`: the name of whoever made the change."""
    rows = list(changes[:LATEST])
    names = people.actor_names(rows)
    for row in rows:
        row.who = names[row.pk]
    return rows

"""What conditions and messages may ask about a contact's courses."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses import members
from courses.models import Access, Enrolment, Member, Product
from courses.models.access import active
from courses.standing import standings
from triggers.conditions.fields import Field, Kind
from triggers.facts import More, facts

PROGRESS: Final = "progress"


@facts("course", label=_("Courses"))
class CourseFacts(More):
    """A contact's offers and courses by title, how far it is in each, and a link that signs it in."""

    of = "contact"

    def fields(self) -> Mapping[str, Field]:
        return {
            "offers": Field(Kind.SET, _("course offers it has"), source="course offer title"),
            "titles": Field(Kind.SET, _("courses it has access to"), source="course title"),
            "started": Field(Kind.SET, _("courses it started"), source="course title"),
            "completed": Field(Kind.SET, _("courses it completed"), source="course title"),
            "logins": Field(Kind.NUMBER, _("sign-ins to the member area")),
            "last_login_at": Field(Kind.DATETIME, _("last sign-in to the member area")),
            "login_url": Field(Kind.TEXT, _("link that signs it in, once and shortly"), sensitive=True),
        }

    def own_fields(self) -> Mapping[str, Field]:
        """Progress in each course, in percent: `course.progress.<key>`."""
        rows = Product.objects.order_by("title").values_list("key", "title")
        return {f"{PROGRESS}.{key}": Field(Kind.NUMBER, _("progress in percent: %s") % title) for key, title in rows}

    def more(self, known: set[int]) -> dict[int, dict[str, Any]]:
        now = timezone.now()
        offers, learned, came = _offers(known, now), _learned(known), _members(known)
        nothing: dict[str, Any] = {"titles": set(), "started": set(), "completed": set()}
        return {
            contact: {
                "offers": offers.get(contact, set()), **nothing, **learned.get(contact, {}),
                "logins": member.logins, "last_login_at": member.last_login_at,
                "login_url": members.link(contact, member.link_number, now),
            }
            for contact in known
            for member in [came.get(contact) or Member()]
        }  # fmt: skip


def _offers(contacts: set[int], now: datetime) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = Access.objects.filter(active(now), contact__pk__among=contacts).order_by()
    for contact, title in rows.values_list("contact_id", "offer__title"):
        found[contact].add(title)
    return found


def _learned(contacts: set[int]) -> dict[int, dict[str, Any]]:
    """By contact: the titles of the courses it has, started and completed, and its progress by key."""
    rows = list(Enrolment.objects.filter(contact__pk__among=contacts).select_related("product").order_by("pk"))
    stands = standings([row.pk for row in rows])
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        told = found.setdefault(row.contact_id, {"titles": set(), "started": set(), "completed": set()})
        for name, moment in (
            ("titles", row.access_since),
            ("started", row.started_at),
            ("completed", row.completed_at),
        ):
            if moment is not None:
                told[name].add(row.product.title)
        told[f"{PROGRESS}.{row.product.key}"] = stands[row.pk].percent
    return found


def _members(contacts: set[int]) -> dict[int, Member]:
    return {row.contact_id: row for row in Member.objects.filter(contact__pk__among=contacts)}

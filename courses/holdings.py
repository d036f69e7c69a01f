"""What courses keep about people: what they may learn, how far they are, when they came, and their certificates.

Of a forgotten person nothing of it stays; the address of a certificate leads nowhere any more.
"""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import Access, CategoryProgress, Certificate, Enrolment, LessonProgress, LoginOutside, Member
from triggers import holdings, privacy
from triggers.privacy import BEFORE, Blank, Delete, Holding, Person


def register() -> None:
    privacy.register(
        Holding(
            "course accesses", "courses.Access", lambda who: Access.objects.filter(contact__in=who.ids), Delete(),
            told=("offer", "granted_at", "granted_by", "reason", "expires_at", "removed_at"),
        ),
        Holding(
            "progress in lessons", "courses.LessonProgress", lambda who: _within(LessonProgress, who), Delete(),
            told=("lesson", "started_at", "completed_at"), turn=BEFORE, label=_("progress in lessons"),
        ),
        Holding(
            "progress in categories", "courses.CategoryProgress", lambda who: _within(CategoryProgress, who), Delete(),
            told=("category", "started_at", "completed_at"), turn=BEFORE, label=_("progress in categories"),
        ),
        Holding(
            "enrolments in courses", "courses.Enrolment", lambda who: Enrolment.objects.filter(contact__in=who.ids),
            Delete(), told=("product", "access_since", "started_at", "completed_at"), label=_("courses"),
        ),
        Holding(
            "members", "courses.Member", lambda who: Member.objects.filter(contact__in=who.ids), Delete(),
            told=("logins", "last_login_at"),
        ),
        Holding(
            "sign-ins outside", "courses.LoginOutside", lambda who: LoginOutside.objects.filter(contact__in=who.ids),
            Delete(), told=("number", "at"),
        ),
        Holding(
            "certificates", "courses.Certificate", lambda who: Certificate.objects.filter(contact__in=who.ids), Delete(),
            told=("number", "name", "course", "title", "text", "issued_at", "expires_at", "revoked_at"),
        ),
        *(
            Holding(
                f"history of {name}", "admin.LogEntry", partial(_log, model), turn=BEFORE,
                forget=Blank({"object_repr": "", "change_message": ""}),
            )
            for name, model in (("course accesses", Access), ("certificates", Certificate))
        ),
    )  # fmt: skip


def _log(model: Any, who: Person) -> Any:
    return holdings.log_of(model, model._default_manager.filter(contact__in=who.ids).values_list("pk", flat=True))


def _within(model: Any, who: Person) -> Any:
    return model._default_manager.filter(enrolment__contact__in=who.ids)

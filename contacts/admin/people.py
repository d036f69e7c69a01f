"""Pages about a contact as a person: merging two, everything kept about one as a file, forgetting one."""

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from contacts import timeline
from contacts.admin.choices import Row, rows_of
from contacts.dedupe import aliases, merging
from contacts.dedupe.merging import NotMergeable
from contacts.models import Contact, Duplicate, Forgetting
from contacts.privacy import forgetting, personal_data
from triggers import moving, privacy
from triggers.noting import note
from triggers.privacy import Keep

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

MERGE: Final = "contacts.merge_contact"
FORGET: Final = "contacts.forget_contact"
EXPORT: Final = "contacts.export_contact"
# What stands before the name of a field in the merge form.
SIDE: Final = "side."
SPOOL: Final = 8 * 1024 * 1024


class PeoplePages(_Admin):
    """Gives the contacts' admin these pages, and leads former numbers to the contact they live on as."""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:into>/merge/<int:other>/", guard(self.merge_page), name="contacts_contact_merge"),
            path("<int:pk>/personal-data/", guard(self.personal_data), name="contacts_contact_personal_data"),
            path("<int:pk>/forget/", guard(self.forget_page), name="contacts_contact_forget"),
            *super().get_urls(),
        ]

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Instead of "gone": on to the survivor, where the contact was merged."""
        survivor = aliases.survivor_of(object_id)
        if survivor is not None:
            self.message_user(request, _("Contact %(id)s was merged into this one.") % {"id": object_id}, messages.INFO)
            return HttpResponseRedirect(_page(survivor))
        missing: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return missing

    def person_context(self, request: HttpRequest, contact: Contact) -> dict[str, Any]:
        """What the contact's own page shows of all this."""
        twins = Duplicate.objects.filter(Q(first=contact) | Q(second=contact), dismissed_at=None)
        kind = request.GET.get("kind", "")
        kind = kind if kind in dict(timeline.KINDS) else ""
        return {
            "forgetting": Forgetting.objects.filter(contact=contact).first(),
            "twins": _twins(contact, twins[:3]) if request.user.has_perm(MERGE) else [],
            "kinds": timeline.KINDS, "kind": kind, "before": request.GET.get("before", ""),
            "history": _history(request, contact.pk, kind) if request.user.has_perm("triggers.view_event") else None,
        }  # fmt: skip

    @admin.action(description=gettext_lazy("Merge two…"), permissions=["merge"])
    def merge_two(self, request: HttpRequest, queryset: "QuerySet[Contact]") -> HttpResponse | None:
        """Leads to the page where two contacts stand side by side; the older one survives unless swapped."""
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Choose two contacts, not more and not fewer."), messages.WARNING)
            return None
        return redirect("admin:contacts_contact_merge", *chosen)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MERGE)

    def merge_page(self, request: HttpRequest, into: int, other: int) -> HttpResponse:
        """Both side by side, what would move, and by POST the merge itself."""
        _require(request, MERGE)
        try:
            if request.method == "POST":
                return self._merge(request, into, other)
            survivor, gone = merging.pair(into, other)
        except NotMergeable as error:
            self.message_user(request, str(error.problems[0].message), messages.ERROR)
            return redirect("admin:contacts_contact_changelist")
        rows = rows_of(survivor, gone)
        return self._shown(request, "merge", survivor, {
            "title": _("Merge contacts"), "gone": gone, "preview": merging.preview(survivor, gone),
            "known_as": _known_as(survivor), "gone_known_as": _known_as(gone),
            "differing": [row for row in rows if row.differs], "equal": _equal(rows), "side": SIDE,
        })  # fmt: skip

    def _merge(self, request: HttpRequest, into: int, other: int) -> HttpResponse:
        sides: Any = {
            name.removeprefix(SIDE): value for name, value in request.POST.items() if name.startswith(SIDE)
        }  # fmt: skip
        try:
            done = merging.merge(into, other, sides)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect("admin:contacts_contact_merge", into, other)
        note(request.user, done.contact, gettext_noop("Merged with contact %(id)s."), id=other)
        self.message_user(request, _("Merged. Everything is here now."), messages.SUCCESS)
        return redirect(_page(done.contact.pk))

    def personal_data(self, request: HttpRequest, pk: int) -> FileResponse:
        """Everything that is kept about the person, as a zip."""
        _require(request, EXPORT)
        contact = _existing(pk)
        # Closed by the response when it has been sent.
        file = SpooledTemporaryFile(SPOOL)  # noqa: SIM115
        personal_data.write_archive(contact, file)
        file.seek(0)
        note(request.user, contact, gettext_noop("Exported everything kept about the person."))
        return FileResponse(file, as_attachment=True, filename=f"contact-{contact.pk}.zip")

    def forget_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Says what goes and what stays; by POST the person is forgotten."""
        _require(request, FORGET)
        contact = _existing(pk)
        if request.method == "POST" and request.POST.get("sure"):
            row = forgetting.forget(contact)
            # Under a number, not a name: the history would keep it.
            note(request.user, Contact(pk=pk), gettext_noop("Forgotten."))
            done = _("Forgotten.") if row.finished_at else _("The rest is blanked within the next minutes.")
            self.message_user(request, done, messages.SUCCESS)
            return redirect(_page(pk))
        who = forgetting.person_of(contact)
        return self._shown(request, "forget", contact, {
            "title": _("Forget a person"), "unsure": request.method == "POST", "running": moving.active_of(who.ids),
            "going": [
                (holding.heading, count) for holding in privacy.in_turn()
                if holding.told and holding.picks is None and not isinstance(holding.forget, Keep)
                and (count := holding.rows(who).count())
            ],
        })  # fmt: skip

    def _shown(self, request: HttpRequest, name: str, contact: Contact, own: dict[str, Any]) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": contact, **own}
        return TemplateResponse(request, f"admin/contacts/contact/{name}.html", context)


def _page(pk: int) -> str:
    return reverse("admin:contacts_contact_change", args=[pk])


def _known_as(contact: Contact) -> str:
    """The name with what tells this contact from one of the same name."""
    further = contact.email or contact.phone
    return str(contact) if further in ("", str(contact)) else f"{contact} ({further})"


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _existing(pk: int) -> Contact:
    found: Contact | None = Contact.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _history(request: HttpRequest, contact_id: int, kind: str) -> timeline.Page:
    try:
        return timeline.page(contact_id, kind=kind, before=request.GET.get("before", ""))
    except timeline.BadCursor:
        return timeline.page(contact_id, kind=kind)


def _twins(contact: Contact, rows: "QuerySet[Duplicate]") -> list[tuple[str, str, str]]:
    """The probable duplicates: who, why, and where the two stand side by side."""
    return [
        (
            _known_as(row.second if row.first_id == contact.pk else row.first), row.why(),
            reverse("admin:contacts_contact_merge", args=[row.first_id, row.second_id]),
        )
        for row in rows.select_related("first", "second")
    ]  # fmt: skip


def _equal(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row.differs and row.into]

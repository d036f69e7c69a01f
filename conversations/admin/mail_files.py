"""Files for mails in the admin: handed in, replaced and downloaded; never shown."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conversations import mail_files
from conversations.models import MailFile
from triggers import files
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.wording.numbers import grouped


class MailFileForm(ModelForm[MailFile]):
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        help_text=_("At most 10 MB. Mails with large files are refused by many mail servers."),
    )  # fmt: skip

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if "file" in self.changed_data:
            files.check(given)
        return given


@admin.register(MailFile)
class MailFileAdmin(ModelAdmin[MailFile]):
    """Files that `email.send` may send along."""

    form = MailFileForm
    list_display = ("name", "filename", "kilobytes", "updated_at")
    search_fields = ("name", "filename", "key")
    fields = ("name", "file", "download")
    readonly_fields = ("download",)

    def save_model(self, request: HttpRequest, obj: MailFile, form: Any, change: bool) -> None:
        if "file" in form.changed_data:
            mail_files.keep(obj, form.cleaned_data["file"])
        else:
            obj.save()

    @admin.display(description=_("size"), ordering="size")
    def kilobytes(self, row: MailFile) -> str:
        return f"{grouped(-(-row.size // 1024))} kB"

    @admin.display(description=_("as it is now"))
    def download(self, row: MailFile) -> Any:
        return format_html('<a href="../download/">{}</a>', row.filename) if row.pk else "–"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.give)
        return [path("<int:pk>/download/", view, name="conversations_mailfile_download"), *super().get_urls()]

    def give(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file, always as a download."""
        row = get_object_or_404(MailFile, pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return files.download(row.file, row.filename)

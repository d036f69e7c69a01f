"""The forms of an import's pages: the file, its columns, and what is to be done with its rows."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.importing import columns, spellings, steps
from contacts.importing.reading.delimited import ENCODINGS
from contacts.importing.reading.rows import Unreadable
from contacts.models import Import
from triggers.admin.typed import ModelForm

NAMES = {
    "utf-8-sig": "Unicode (UTF-8)", "utf-16": "Unicode (UTF-16)", "cp1252": gettext_lazy("Western (Windows-1252)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"), "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1253": gettext_lazy("Greek (Windows-1253)"), "cp1254": gettext_lazy("Turkish (Windows-1254)"),
    "mac-roman": gettext_lazy("Western (Macintosh)"), "shift-jis": gettext_lazy("Japanese (Shift JIS)"),
}  # fmt: skip


class UploadForm(ModelForm[Import]):
    """Valid means: the file was kept, and its header read."""

    upload = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, Excel (.xlsx) or vCard. The first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.vcf"}),
    )

    class Meta:
        model = Import
        fields: list[str] = []

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        try:
            self.made = steps.take(upload, upload.name, self.by)
        except Unreadable as error:
            raise ValidationError(str(error)) from None
        return upload


class ReadingForm(forms.Form):
    """How the file's values are read; beside it stand the columns."""

    country = forms.CharField(
        label=gettext_lazy("Country of phone numbers without country code"), required=False, max_length=2,
        help_text=gettext_lazy("Two letters, such as DE. A row's own country comes first."),
        widget=forms.TextInput(attrs={"size": 4}),
    )  # fmt: skip
    dates = forms.ChoiceField(
        label=gettext_lazy("03/04/1990 is"),
        choices=[("mdy", gettext_lazy("March 4")), ("dmy", gettext_lazy("3 April"))],
    )
    bad_values = forms.ChoiceField(
        label=gettext_lazy("A value that cannot be stored, such as a broken e-mail"),
        choices=[
            ("refuse", gettext_lazy("Leave out its row")),
            ("leave_out", gettext_lazy("Leave out the value, import the row")),
        ],
    )


class StartForm(forms.Form):
    """What is to be done with the rows."""

    match = forms.MultipleChoiceField(
        label=gettext_lazy("The same person, by"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[
            ("external_id", gettext_lazy("External id")), ("email", gettext_lazy("E-mail")),
            ("phone", gettext_lazy("Phone, unless e-mail or name differ")),
        ],
        help_text=gettext_lazy("Whoever is found becomes no second contact, also within the file."),
    )  # fmt: skip
    update = forms.ChoiceField(
        label=gettext_lazy("Contacts that are there already"), widget=AdminRadioSelect,
        choices=[
            ("never", gettext_lazy("Leave them as they are")), ("fill", gettext_lazy("Fill in what is empty")),
            ("overwrite", gettext_lazy("Overwrite with the file’s values")),
        ],
    )  # fmt: skip
    tags = forms.CharField(
        label=gettext_lazy("Tags for everyone in the file"), required=False, max_length=500,
        help_text=gettext_lazy("Parted by commas. New ones are made."),
    )  # fmt: skip
    automations = forms.TypedChoiceField(
        label=gettext_lazy("Run automations"), widget=AdminRadioSelect, coerce=lambda value: value == "yes",
        choices=[
            ("no", gettext_lazy("No, workflows do not hear of it")), ("yes", gettext_lazy("Yes, as for every contact")),
        ],
    )  # fmt: skip
    per_minute = forms.IntegerField(
        label=gettext_lazy("Contacts a minute while automations run"), min_value=1, max_value=1_000_000,
    )  # fmt: skip

    def clean_tags(self) -> list[str]:
        return spellings.items(self.cleaned_data["tags"])


def encodings(job: Import) -> list[tuple[str, str, bool]]:
    """Value, name, and whether the file is read so; empty where there is nothing to choose."""
    if job.format == Import.Format.XLSX:
        return []
    known = dict.fromkeys([job.encoding, *ENCODINGS])
    return [(value, str(NAMES.get(value, value)), value == job.encoding) for value in known]


def choices() -> list[tuple[str, str]]:
    """What a column may mean."""
    listed = sorted(columns.importable().items(), key=lambda column: column[1].label)
    return [("", _("Do not import")), *((name, column.label) for name, column in listed)]


def column_rows(job: Import) -> list[dict[str, Any]]:
    """Each column of the file: its header, some of its values, and what it may mean."""
    rows, offered = [], choices()
    for number, header in enumerate(job.header):
        values = dict.fromkeys(row[number].strip() for row in job.sample if number < len(row) and row[number].strip())
        rows.append({
            "number": number, "header": header, "values": [value[:60] for value in list(values)[:3]],
            "chosen": job.mapping.get(str(number), ""), "choices": offered,
        })  # fmt: skip
    return rows

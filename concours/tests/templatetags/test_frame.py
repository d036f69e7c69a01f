"""The tags of the change lists: counts, chips, labelled cells, refused fields."""

import pytest
from django import forms
from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory

from concours.templatetags import frame
from contacts.models import Contact
from triggers.models import Workflow
from triggers.tests import make

pytestmark = pytest.mark.django_db
HEADERS = [
    {"text": "", "class_attrib": ' class="action-checkbox-column"'}, {"text": "workflow", "class_attrib": ""},
    {"text": "state", "class_attrib": ""},
]  # fmt: skip


@pytest.mark.parametrize(
    ("display", "shown"),
    [
        ("Live (15)", '<span>Live</span><span class="count">15</span>'),
        ("Live", "<span>Live</span>"),
        ("Brandt (Berlin) (0)", '<span>Brandt (Berlin)</span><span class="count">0</span>'),
        ("<b> (1)", '<span>&lt;b&gt;</span><span class="count">1</span>'),
    ],
)
def test_counts_stand_apart(display: str, shown: str) -> None:
    assert frame.counted(display) == shown


def test_cells_tell_their_column_but_for_the_first() -> None:
    row = ['<td class="action-checkbox">x</td>', '<th class="field-called">A</th>', '<td class="field-state">Live</td>']

    assert frame.cells(HEADERS, row) == (
        '<td class="action-checkbox">x</td><th class="field-called">A</th>'
        '<td data-label="State" class="field-state">Live</td>'
    )


def test_cells_with_nothing_in_them_are_marked() -> None:
    row = ["<td>x</td>", "<td>A</td>", '<td class="field-state">–</td>']

    assert frame.cells(HEADERS, row).endswith('<td data-label="State" class="nothing field-state">–</td>')


def changelist(query: str, model: type[Model] = Workflow) -> admin.views.main.ChangeList:
    request = RequestFactory().get(f"/admin/?{query}")
    request.user = make.user("boss", is_staff=True, is_superuser=True)
    return admin.site._registry[model].get_changelist_instance(request)


def test_filters_in_force_are_chips_with_the_way_out() -> None:
    assert frame.active_filters(changelist("state=live&q=x")) == [
        {"title": "State", "chosen": "Live", "without": "?q=x"}
    ]


def test_no_filter_in_force_no_chip() -> None:
    assert frame.active_filters(changelist("q=x", Contact)) == []


def test_what_a_list_leaves_out_unasked_is_a_chip_as_well() -> None:
    assert frame.active_filters(changelist("q=x")) == [
        {"title": "State", "chosen": "not archived", "without": "?q=x&state=all"}
    ]


def test_refused_fields_are_named_with_the_place_to_jump_to() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Name")
        age = forms.IntegerField(label="Age")

    form = Form({"name": "", "age": "x"})

    assert frame.wrong_fields(form) == [{"label": "Name", "id": "id_name"}, {"label": "Age", "id": "id_age"}]


def test_labels_lose_their_colon() -> None:
    assert frame.uncolon('<label for="id_a">Name:</label>') == '<label for="id_a">Name</label>'

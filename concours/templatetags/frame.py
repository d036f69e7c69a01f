"""What the change lists of the theme need beside Django's own tags: chips, counts, and labelled cells."""

import re
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

COUNT = re.compile(r"^(?P<word>.*) \((?P<count>\d+|-)\)$", re.DOTALL)


@register.filter
def counted(display: Any) -> SafeString:
    """A filter's choice, its count put into an element of its own: “Live (15)” → Live, 15."""
    if not str(display).strip():
        display = "–"
    found = COUNT.match(str(display))
    if found is None:
        return format_html("<span>{}</span>", display)
    return format_html('<span>{}</span><span class="count">{}</span>', found["word"], found["count"])


@register.filter
def has_errors(fieldset: Any) -> bool:
    """Whether a folded set of fields holds one that was refused, so that it is shown open."""
    return any(field.errors() for line in fieldset for field in line if not field.is_readonly)


@register.filter
def uncolon(label: str) -> SafeString:
    """A field's label without the colon Django puts behind it."""
    return mark_safe(str(label).replace(":</label>", "</label>"))  # noqa: S308 - Django made and escaped it


@register.simple_tag
def active_filters(cl: ChangeList) -> list[dict[str, Any]]:
    """The filters in force: title, what is chosen, and the address without it.

    A filter that narrows although nothing was asked for tells so with a `chip` of its own.
    """
    chips = [own for spec in cl.filter_specs if not spec.used_parameters and (own := _own_chip(spec, cl))]
    # Asking a filter for its choices may count rows; most filters are not in force.
    for spec in (each for each in cl.filter_specs if each.used_parameters):
        choices = list(spec.choices(cl))
        chosen = next((choice for choice in choices[1:] if choice["selected"]), None)
        if chosen:
            word = COUNT.sub(r"\g<word>", str(chosen["display"]))
            chips.append({"title": capfirst(spec.title), "chosen": word, "without": choices[0]["query_string"]})
    return chips


def _own_chip(spec: Any, cl: ChangeList) -> dict[str, Any] | None:
    chip: dict[str, Any] | None = spec.chip(cl) if hasattr(spec, "chip") else None
    return chip


@register.simple_tag
def wrong_fields(form: Any) -> list[dict[str, Any]]:
    """The form's fields that were refused: label, and the id to jump to."""
    return [{"label": form[name].label, "id": form[name].id_for_label} for name in form.fields if name in form.errors]


@register.simple_tag
def cells(headers: list[dict[str, Any]], row: list[str]) -> SafeString:
    """A result's cells, each but the first told its column's name: a phone shows rows, not columns."""
    first = next((index for index, header in enumerate(headers) if not _is_checkbox(header)), 0)
    told = [cell if index <= first else _labelled(headers[index], cell) for index, cell in enumerate(row)]
    return mark_safe("".join(told))  # noqa: S308 - Django made and escaped the cells


def _is_checkbox(header: dict[str, Any]) -> bool:
    return "action-checkbox" in str(header.get("class_attrib"))


def _labelled(header: dict[str, Any], cell: str) -> str:
    if not cell.startswith("<td"):
        return cell
    empty = cell.endswith((">–</td>", ">-</td>", ">&nbsp;</td>"))
    if empty:
        cell = cell.replace('class="', 'class="nothing ', 1)
    return format_html('<td data-label="{}"', capfirst(str(header.get("text", "")))) + cell[3:]

"""The field for a JSON document."""

import pytest
from django.core.exceptions import ValidationError

from triggers.admin.json_field import DocumentField


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n  "a": 1,\n}', "Line 3, column 1"),
        ("{'a': 1}", "Line 1, column 2"),
        ("[" * 100_000, "This is nested too deep."),
    ],
)
def test_what_cannot_be_read_is_told_by_line(text: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DocumentField().clean(text)


def test_a_document_is_laid_out_to_be_read() -> None:
    assert DocumentField().prepare_value({"größe": [1]}) == '{\n  "größe": [\n    1\n  ]\n}'
    assert DocumentField().prepare_value(None) == ""


def test_what_was_typed_is_shown_again_as_typed() -> None:
    field = DocumentField()

    assert field.prepare_value(field.bound_data('{"a":', {})) == '{"a":'


def test_it_is_as_high_as_asked() -> None:
    assert DocumentField(rows=5).widget.attrs["rows"] == 5

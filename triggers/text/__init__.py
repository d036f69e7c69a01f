"""Texts that staff write with merge fields: "Dear {{ contact.first_name | default: "friend" }}".

They are Liquid with a short list of tags and filters, over plain values, within fixed limits: whoever may
write a text can neither reach an object nor keep a worker busy. `check` when a text is saved, one of the
`render` functions when it is sent; rendering is safe for a text that was never checked.
"""

from triggers.text.checking import check, merge_fields
from triggers.text.errors import TextError, TextProblem
from triggers.text.rendering import render, render_json, render_line

__all__ = ["TextError", "TextProblem", "check", "merge_fields", "render", "render_json", "render_line"]

"""The workflow form: a document as cards, and the posted cards as a document again.

`cards` lays a document out, `posted` reads it back, `edits` changes it. What a control cannot say back exactly is
shown as JSON, so nothing is lost by opening and saving.
"""

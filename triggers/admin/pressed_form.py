"""What forms with cards have in common: a button within the cards changes them, and saves nothing."""

from typing import Any, Final

from django.forms.utils import ErrorDict

from triggers.admin.typed import ModelForm

# Pressed within the cards: they change and nothing is saved.
BUTTON: Final = "do"


class PressedForm(ModelForm[Any]):
    """Not valid while a button within the cards was pressed, and without errors: it is not to be saved yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_pressed = self.is_bound and BUTTON in self.data

    def full_clean(self) -> None:
        """Nothing is wrong with a form that is not to be saved yet."""
        if self.is_pressed:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        return not self.is_pressed and super().is_valid()

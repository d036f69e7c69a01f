"""What public pages ask of somebody whom we may not know."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EmailForm(forms.Form):
    """Whose address it is."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class PersonForm(EmailForm):
    """What somebody is called, and where we reach them."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "email")

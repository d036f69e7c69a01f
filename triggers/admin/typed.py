"""Django's admin and form classes with their model in brackets: for the type checker, and nothing else."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm
    TabularInline = admin.TabularInline
    StackedInline = admin.StackedInline
else:

    class _Bracketed:
        def __class_getitem__(cls, _model: Any) -> Any:
            return cls

    class ModelAdmin(_Bracketed, admin.ModelAdmin):
        pass

    class ModelForm(_Bracketed, forms.ModelForm):
        pass

    class TabularInline(_Bracketed, admin.TabularInline):
        pass

    class StackedInline(_Bracketed, admin.StackedInline):
        pass

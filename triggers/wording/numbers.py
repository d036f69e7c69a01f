"""Numbers as the reader's language writes them."""

from django.utils import formats


def grouped(number: int) -> str:
    """1,234,567 in English, 1.234.567 in German."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)

"""Into how many text messages a text is cut: by the alphabet it needs (3GPP TS 23.038)."""

from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take the place of two.
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
# Places in a text that goes as one, and in each of several; with the basic alphabet, and with UCS-2.
GSM: Final = (160, 153)
UCS2: Final = (70, 67)


def segments(text: str) -> int:
    """How many text messages carry it; an empty text takes one."""
    if all(sign in BASIC or sign in EXTENDED for sign in text):
        sizes = [2 if sign in EXTENDED else 1 for sign in text]
        return _cut(sizes, *GSM)
    return _cut([len(sign.encode("utf-16-le")) // 2 for sign in text], *UCS2)


def _cut(sizes: list[int], whole: int, part: int) -> int:
    """No sign is torn apart: one of two places that meets the border goes to the next part."""
    if sum(sizes) <= whole:
        return 1
    parts, room = 1, part
    for size in sizes:
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return parts

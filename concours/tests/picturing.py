"""Small files for pictures of pages: a PNG of at most 256 colours out of one of millions.

Pages have few colours; what blends between them goes to the nearest that is kept.
"""

import struct
import zlib
from collections import Counter
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
KEPT: Final = 256
# By how many lowest bits colours are alike when they are counted.
ALIKE: Final = 3

Colour = tuple[int, int, int]


def small(png: bytes) -> bytes:
    """The picture with a palette. Takes what browsers make: eight bits a channel, not interlaced."""
    width, height, rows = _rows(png)
    rounded = bytes(value >> ALIKE << ALIKE for value in range(256))
    alike = [row.translate(rounded) for row in rows]
    exact: Counter[Colour] = Counter()
    for row in rows:
        exact.update(zip(row[::3], row[1::3], row[2::3], strict=True))
    counted, meant = _alike(exact, rounded)
    palette = [colour for colour, _n in counted.most_common(KEPT)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted:
        if colour not in places:
            places[colour] = min(range(len(palette)), key=lambda place: _distance(palette[place], colour))
    body = b"".join(
        b"\0" + bytes(places[each] for each in zip(row[::3], row[1::3], row[2::3], strict=True)) for row in alike
    )
    colours = b"".join(bytes(meant[colour]) for colour in palette)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(body, 9)), (b"IEND", b"")
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _alike(exact: Counter[Colour], rounded: bytes) -> tuple[Counter[Colour], dict[Colour, Colour]]:
    """How often colours that are alike occur, and the one of them that stands for all: the most frequent."""
    counted: Counter[Colour] = Counter()
    meant: dict[Colour, Colour] = {}
    for colour, number in exact.most_common():
        rough = (rounded[colour[0]], rounded[colour[1]], rounded[colour[2]])
        counted[rough] += number
        meant.setdefault(rough, colour)
    return counted, meant


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _rows(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height, and each row as red, green, blue."""
    chunks = dict(_chunks(png))
    width, height, depth, sort = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert depth == 8, "eight bits a channel"
    size = {2: 3, 6: 4}[sort]
    raw = zlib.decompress(chunks[b"IDAT"])
    before, rows = bytearray(width * size), []
    step = width * size + 1
    for start in range(0, height * step, step):
        line = bytearray(raw[start + 1 : start + step])
        _unfilter(raw[start], line, before, size)
        before = line
        rows.append(_opaque(line) if size == 4 else bytes(line))
    return width, height, rows


def _opaque(line: bytearray) -> bytes:
    found = bytearray(len(line) // 4 * 3)
    found[::3], found[1::3], found[2::3] = line[::4], line[1::4], line[2::4]
    return bytes(found)


def _unfilter(kind: int, line: bytearray, above: bytearray, size: int) -> None:
    """Undoes the filter of one row in place (PNG specification, 9.2)."""
    if kind == 0:
        return
    for at in range(len(line)):
        left = line[at - size] if at >= size else 0
        up = above[at]
        if kind == 1:
            line[at] = (line[at] + left) & 255
        elif kind == 2:
            line[at] = (line[at] + up) & 255
        elif kind == 3:
            line[at] = (line[at] + (left + up) // 2) & 255
        else:
            corner = above[at - size] if at >= size else 0
            line[at] = (line[at] + _paeth(left, up, corner)) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    by_left, by_up, by_corner = abs(near - left), abs(near - up), abs(near - corner)
    if by_left <= by_up and by_left <= by_corner:
        return left
    return up if by_up <= by_corner else corner


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks by kind; those of the picture's data as one."""
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(png):
        [size] = struct.unpack(">I", png[at : at + 4])
        kind = png[at + 4 : at + 8]
        found[kind] = found.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    return list(found.items())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

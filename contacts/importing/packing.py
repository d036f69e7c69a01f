"""Rows as a portion keeps them: JSON, compressed, so that a file of any size stays small in its table."""

import json
import zlib
from typing import Any


def pack(rows: list[Any]) -> bytes:
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(kept: bytes | memoryview | None) -> list[Any]:
    if not kept:
        return []
    rows: list[Any] = json.loads(zlib.decompress(kept))
    return rows

"""Columns as JavaScript, browsers and source maps count them: a character beyond the first plane is two."""

from __future__ import annotations

import re
from bisect import bisect_right

from widgetpack.model import BOM


def units(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def before(text: str, column: int) -> str:
    """Return the part of a line that stands before a column, which counts from 0; half of a character is left out."""
    return text[:column] if text.isascii() else _decoded(text.encode("utf-16-le", "surrogatepass")[: 2 * column])


def behind(text: str, column: int) -> str:
    """Return the part of a line from a column on, which counts from 0; half of a character is left out."""
    return text[column:] if text.isascii() else _decoded(text.encode("utf-16-le", "surrogatepass")[2 * column :])


def offset_of(data: bytes, line: int, column: int) -> int:
    """Return line and column of a file, counted from 1, as an offset in bytes; what is behind the end is the end."""
    lines = data.split(b"\n", line)
    if len(lines) < line:
        return len(data)
    start, text = sum(len(one) + 1 for one in lines[: line - 1]), lines[line - 1]
    mark = len(BOM) if line == 1 and text.startswith(BOM) else 0
    return start + mark + len(before(text[mark:].decode("utf-8", "replace"), column - 1).encode())


def place_of(data: bytes, offset: int) -> tuple[int, int]:
    """Return an offset in bytes as line and column, counted from 1."""
    start = data.rfind(b"\n", 0, offset) + 1
    text = data[start:offset]
    if start == 0:
        text = text.removeprefix(BOM)
    return data.count(b"\n", 0, start) + 1, units(text.decode("utf-8", "replace")) + 1


class Places:
    """The places of many offsets of one file, asked for from its start to its end."""

    def __init__(self, data: bytes) -> None:
        """Take the file."""
        self._data = data
        first = len(BOM) if data.startswith(BOM) else 0
        self._starts = [first, *(match.end() for match in re.finditer(rb"\n", data))]
        self._last = (0, first, 0)

    def of(self, offset: int) -> tuple[int, int]:
        """Return an offset in bytes as line and column, counted from 0."""
        line = max(0, bisect_right(self._starts, offset) - 1)
        # A line may be a megabyte: only what was passed over since the last question is looked at.
        known, start, column = self._last
        if line != known or offset < start:
            start, column = self._starts[line], 0
        column += units(self._data[start:offset].decode("utf-8", "replace"))
        self._last = (line, offset, column)
        return line, column


def _decoded(data: bytes) -> str:
    return data.decode("utf-16-le", "ignore")

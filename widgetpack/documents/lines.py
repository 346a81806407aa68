"""From a byte offset to a line and a column as an editor counts them.

A report may ask for thousands of places in one text: its lines are found once, and no place costs more than a part of its
line, however long that is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from widgetpack.model import BOM

_SHOWN = 400
"""Characters of a source line that a report may show; a minified line can be a megabyte."""

_LONGEST = 4 * _SHOWN + len(BOM) + 1
"""Bytes of a line that may be short enough to show: four for each character, a mark before it and a CR behind it."""

_NEAR = 4096
"""Bytes before a place on its line that are counted anew each time."""

_CHUNK = re.compile(rb".{1,1024}+[\x80-\xbf]{0,3}+", re.DOTALL)
"""A part of a text whose end no character spans: a byte that goes on with one has at most two of its kind before it."""


class Spot(NamedTuple):
    """A place as an editor counts it."""

    line: int
    column: int
    text: str
    """The source line without its end; empty for a place in a file without lines."""


def spot(data: bytes, offset: int) -> Spot:
    """Return the line and column of a byte offset; past the end means the end."""
    offset = max(0, min(offset, len(data)))
    starts = _line_starts(data)
    line = bisect_right(starts, offset)
    start, end = starts[line - 1], starts[line] - 1 if line < len(starts) else len(data)
    near = offset - start <= _NEAR
    before = _count(data[start:offset]) if near else _characters(data, offset) - _characters(data, start)
    if start == 0 and data.startswith(BOM) and offset >= len(BOM):
        before -= 1
    return Spot(line, before + 1, _shown(data, start, end))


def _shown(data: bytes, start: int, end: int) -> str:
    """Return a line as a report shows it, or nothing for a long one."""
    if end - start > _LONGEST:
        return ""
    line = data[start:end].removesuffix(b"\r")
    text = (line if start else line.removeprefix(BOM)).decode("utf-8", "replace")
    return text if len(text) <= _SHOWN else ""


@lru_cache(maxsize=32)
def _line_starts(data: bytes) -> list[int]:
    """Return the offset of every line."""
    starts = [0, *accumulate(len(line) + 1 for line in data.split(b"\n"))]
    return starts[:-1]


def _characters(data: bytes, offset: int) -> int:
    """Return how many characters stand before ``offset``."""
    starts, counts = _chunks(data)
    at = bisect_right(starts, offset) - 1
    return counts[at] + _count(data[starts[at] : offset])


@lru_cache(maxsize=8)
def _chunks(data: bytes) -> tuple[list[int], list[int]]:
    """Return where each `_CHUNK` of a text starts, and how many characters stand before it."""
    chunks = _CHUNK.findall(data)
    return [0, *accumulate(map(len, chunks))], [0, *accumulate(map(_count, chunks))]


def _count(part: bytes) -> int:
    """Return how many characters a part of a text has, as an editor shows them."""
    return len(part.decode("utf-8", "replace"))

"""What the linked script is made of, by bytes; minified or not."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from widgetpack.model import Content
from widgetpack.native.sourcemap import load_lines
from widgetpack.utf16 import units
from widgetpack.widget import ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.bundle.package import Package

Chunks = tuple[tuple[str, int], ...]
"""`Linked.chunks`."""


def contents_of(package: Package) -> tuple[Content, ...]:
    """Return what the entry of a package was linked from; nothing where nobody linked."""
    data = package.files.get(ENTRY)
    if package.linked is None or data is None:
        return ()
    chunks = package.linked.chunks
    if not chunks:
        return (Content(ENTRY, len(data), ((ENTRY, len(data)),)),)
    is_minified = ENTRY in package.maps
    found = _mapped(data, package.maps[ENTRY], package.linked.files[ENTRY], chunks) if is_minified else chunks
    sizes: dict[str, int] = {}
    for path, size in found:
        sizes[path] = sizes.get(path, 0) + size
    return (Content(ENTRY, len(data), tuple((path, size) for path, size in sizes.items() if path and size)),)


def _mapped(data: bytes, source_map: bytes, linked: bytes, chunks: Chunks) -> Iterator[tuple[str, int]]:
    """Yield what each piece of a minified script comes from, and its bytes; ``linked`` is the script before."""
    starts = _starts(linked, chunks)
    lines = load_lines(source_map)
    last = max((index for index, origins in enumerate(lines) if origins), default=-1)
    owner = ""
    # What stands below the last line that is mapped are legal comments.
    for line, origins in zip(data.decode().split("\n")[: last + 1], lines, strict=False):
        text = line.encode("utf-16-le")
        begin = 0
        for origin in origins:
            yield owner, _bytes(text, begin, origin.column)
            owner, _ = chunks[bisect_right(starts, (origin.line, origin.at)) - 1]
            begin = origin.column
        # A template goes on over lines in which nothing is mapped.
        yield owner, _bytes(text, begin, len(text) // 2) + len("\n")


def _bytes(text: bytes, begin: int, end: int) -> int:
    """Return the length in UTF-8 of a part of a text in UTF-16, counted in its units."""
    return len(text[2 * begin : 2 * end].decode("utf-16-le", "replace").encode())


def _starts(linked: bytes, chunks: Chunks) -> Sequence[tuple[int, int]]:
    """Return where the chunks begin: line and column from 0, columns in UTF-16 units."""
    found = []
    line = column = 0
    offsets = accumulate((size for _, size in chunks), initial=0)
    for start, (_, size) in zip(offsets, chunks, strict=False):
        found.append((line, column))
        text = linked[start : start + size].decode("utf-8", "replace")
        column = (0 if "\n" in text else column) + units(text.rpartition("\n")[2])
        line += text.count("\n")
    return found

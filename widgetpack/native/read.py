"""Sources as the bundler saw them, and the places in them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from widgetpack.files.selection import read_regular
from widgetpack.model import MAX_FILE_BYTES, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from widgetpack.native.messages import Spot


def read_source(cwd: str, path: str) -> bytes | None:
    """Return a source by its path from ``cwd``; nothing where it cannot be read any more, or never was a file."""
    try:
        return read_regular(os.path.join(cwd, path), MAX_FILE_BYTES)  # noqa: PTH118
    except (OSError, ValueError):
        return None


def read_sources(cwd: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the sources that can be read."""
    found = {path: read_source(cwd, path) for path in dict.fromkeys(paths)}
    return {path: data for path, data in found.items() if data is not None}


def place_of(spot: Spot | None, sources: Mapping[str, bytes]) -> Place:
    """Return the place of a message; the whole widget where it has none, or one in no file (``(define name)``)."""
    data = None if spot is None else sources.get(spot.path)
    if spot is None or data is None:
        return Place("")
    start = 0
    for _ in range(min(spot.line - 1, data.count(b"\n"))):
        start = data.find(b"\n", start) + 1
    return Place(spot.path, offset=min(start + spot.column, len(data)))

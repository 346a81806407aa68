"""Source maps of scripts that were linked or lowered: a browser's tools show the modules as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.bundle.alignment import align, pieces_of
from widgetpack.native.sourcemap import Origin, inline, write
from widgetpack.utf16 import Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.bundle.alignment import Piece
    from widgetpack.bundle.package import Package


def with_maps(package: Package, written: Mapping[str, bytes], maps: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what ships with its source map in each script that has one; ``maps`` are those of sources that were bundled."""
    found = {**linked_maps(package, written), **maps}
    carried = {
        path: package.files[path] + inline(data).encode() for path, data in found.items() if path in package.files
    }
    return {**package.files, **carried}


def linked_maps(package: Package, written: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the source map of each script that ships otherwise than it was written; ``written`` are the sources by path.

    A script that was minified gets none: where its words are is known to its own map alone; nor does one that has no word in
    common with its sources.
    """
    changed = {
        path: data
        for path, data in package.files.items()
        if path.endswith(".js") and path in written and path not in package.maps and data != written[path]
    }
    made = {path: _map(package, path, data, written) for path, data in changed.items()}
    return {path: data for path, data in made.items() if data}


def _map(package: Package, path: str, data: bytes, written: Mapping[str, bytes]) -> bytes:
    """Return the map of one script; empty where nothing is known."""
    by_owner: dict[str, list[Piece]] = {}
    for piece in pieces_of(package, path, data):
        if piece.path in written:
            by_owner.setdefault(piece.path, []).append(piece)
    texts = {owner: written[owner].decode("utf-8-sig", "replace") for owner in by_owner}
    found = sorted(place for owner, pieces in by_owner.items() for place in _words(data, pieces, owner, written[owner]))
    return write(path, texts, _origins(found, Places(data))) if found else b""


def _words(data: bytes, pieces: list[Piece], owner: str, source: bytes) -> Iterator[tuple[int, str, int, int]]:
    """Yield where each word stands in the script, its source, and its line and column there, from 0."""
    aligned, places = align(data, pieces, owner, source), Places(source)
    for offset, at in zip(aligned.shipped, aligned.source, strict=True):
        yield (offset, owner, *places.of(at))


def _origins(found: list[tuple[int, str, int, int]], places: Places) -> Iterator[tuple[int, Origin]]:
    """Yield line and origin of each word, in the order of the script."""
    for offset, owner, line, at in found:
        row, column = places.of(offset)
        yield row, Origin(column, owner, line, at)

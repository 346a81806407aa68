"""Where a place in a script that ships lies in the sources: by the bundler's map, or word by word in a linked module."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.bundle.alignment import align, pieces_of
from widgetpack.native.sourcemap import find_origin
from widgetpack.utf16 import offset_of, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.bundle.package import Package


class Spot(NamedTuple):
    """A place in a source; line and column count from 1, columns as browsers count them."""

    path: str
    line: int
    column: int


class Sources:
    """Scripts as they ship and as they were written; what the way back needs is made when it is first asked for."""

    def __init__(self, package: Package, written: Mapping[str, bytes], maps: Mapping[str, bytes]) -> None:
        """Take what ships and scripts as they were written, by path; ``maps`` are those of sources that were bundled."""
        self._package, self._written, self._maps = package, written, maps

    def find(self, path: str, line: int, column: int) -> Spot | None:
        """Return the place in the author's own file; None where it is not known, for the linker has written what ships there."""
        if line < 1 or column < 1:
            return None
        here = Spot(path, line, column)
        if path in self._maps:
            return _mapped(self._maps[path], here)
        data, linked = self._package.files.get(path), self._package.linked
        if path in self._package.maps and linked is not None:
            before = _mapped(self._package.maps[path], here)
            if before is None:
                return None
            here, data = before._replace(path=path), linked.files[path]
        if data is None or data == self._written.get(path):
            return here
        return self._in_source(path, data, offset_of(data, here.line, here.column))

    def _in_source(self, path: str, data: bytes, offset: int) -> Spot | None:
        pieces = list(pieces_of(self._package, path, data))
        owner = next((piece.path for piece in pieces if piece.start <= offset < piece.end), "")
        source = self._written.get(owner)
        if source is None:
            return None
        at = align(data, [piece for piece in pieces if piece.path == owner], owner, source).find(offset)
        return None if at is None else Spot(owner, *place_of(source, at))


def _mapped(data: bytes, here: Spot) -> Spot | None:
    try:
        origin = find_origin(data, here.line - 1, here.column - 1)
    except ValueError:
        return None
    return origin and Spot(origin.source, origin.line + 1, origin.at + 1)

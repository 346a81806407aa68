"""Where a place in a script that ships lies in the sources: by the bundler's map, or by the text of a linked module."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.native.sourcemap import load_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

_AROUND: Final = 40
"""So many lines on each side tell equal lines of several modules apart."""
_ABOVE: Final = 6
"""A line that lowering rewrote is looked for by the nearest one above that it left alone, at most so far away."""
_DROPPED: Final = re.compile(r"\s+|;$|,$")


class Spot(NamedTuple):
    """A place in a source; line and column count from 1."""

    path: str
    line: int
    column: int


class _Line(NamedTuple):
    """A line that says something."""

    number: int
    """Counts from 1."""
    words: str
    """Without what lowering changes: blanks, quotes and marks at the end."""
    written: str
    """As it stands."""


class Sources:
    """Scripts as they ship and as they were written; what the way back needs is made when it is first asked for."""

    def __init__(self, shipped: Mapping[str, bytes], written: Mapping[str, bytes], maps: Mapping[str, bytes]) -> None:
        """Take scripts by path; ``maps`` are those of the bundler, for scripts that it made."""
        self._shipped, self._written, self._maps = shipped, written, maps

    def find(self, path: str, line: int, column: int) -> Spot:
        """Return the place in the author's own file; the place itself where nothing better is known."""
        here = Spot(path, line, column)
        if line < 1 or column < 1:
            return here
        if path in self._maps:
            return _mapped(self._maps[path], here) or here
        data = self._shipped.get(path)
        if data is None or data == self._written.get(path):
            return here
        return self._matched(data, here) or here

    @cached_property
    def _lines(self) -> dict[str, list[_Line]]:
        return {path: _telling(data) for path, data in sorted(self._written.items())}

    def _matched(self, data: bytes, here: Spot) -> Spot | None:
        if here.line > data.count(b"\n") + 1:
            return None
        shipped = _telling(data)
        at = bisect_right([line.number for line in shipped], here.line) - 1
        for back in range(min(_ABOVE, at + 1)):
            found = self._best(shipped, at - back)
            if found is not None:
                path, line = found
                return Spot(path, line.number, _column(shipped[at - back], line, here))
        return None

    def _best(self, shipped: list[_Line], at: int) -> tuple[str, _Line] | None:
        """Return the one line of a source that equals the shipped one and has the most equal lines around it."""
        found = [
            (_run(shipped, at, lines, index), path, line)
            for path, lines in self._lines.items()
            for index, line in enumerate(lines)
            if line.words == shipped[at].words
        ]
        found.sort(reverse=True)
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return None
        _, path, line = found[0]
        return path, line


def _column(shipped: _Line, source: _Line, here: Spot) -> int:
    """Return the column in a line of a source, where the shipped one differs from it by nothing but the indentation; else 1."""
    told, meant = shipped.written.lstrip(), source.written.lstrip()
    if here.line != shipped.number or told.rstrip() != meant.rstrip():
        return 1
    moved = (len(source.written) - len(meant)) - (len(shipped.written) - len(told))
    return max(1, here.column + moved)


def _mapped(data: bytes, here: Spot) -> Spot | None:
    try:
        lines = load_lines(data)
    except ValueError:
        return None
    pieces = lines[here.line - 1] if here.line <= len(lines) else ()
    at = bisect_right([piece.column for piece in pieces], here.column - 1)
    if not at:
        return None
    piece = pieces[at - 1]
    return Spot(piece.source, piece.line + 1, piece.at + 1)


def _telling(data: bytes) -> list[_Line]:
    """Return the lines that say something: blanks, quotes and comments are what lowering changes."""
    lines = enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1)
    plain = (_Line(number, _DROPPED.sub("", line.strip()).replace("'", '"'), line) for number, line in lines)
    return [line for line in plain if line.words and not line.words.startswith(("//", "/*", "*"))]


def _run(shipped: list[_Line], at: int, lines: list[_Line], index: int) -> int:
    """Count the equal lines directly above and below two equal ones."""
    count = 0
    for step in (-1, 1):
        for far in range(step, step * _AROUND, step):
            if not (0 <= at + far < len(shipped) and 0 <= index + far < len(lines)):
                break
            if shipped[at + far].words != lines[index + far].words:
                break
            count += 1
    return count

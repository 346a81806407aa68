"""Where a place in a script that ships lies in the sources: by the bundler's map, or by the text of a linked module."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.native.sourcemap import load_lines
from widgetpack.utf16 import units

if TYPE_CHECKING:
    from collections.abc import Mapping

_AROUND: Final = 40
"""So many lines on each side tell equal lines of several modules apart."""
_ABOVE: Final = 6
"""A line that lowering rewrote is looked for by the nearest one above that it left alone, at most so far away."""
_BELOW: Final = 12
"""Below that line a statement is looked for which lowering put on a line of its own: so many lines of the source."""
_DROPPED: Final = re.compile(r"\s+|;$|,$")
_FEWEST: Final = 4
"""Shorter texts, as `})`, say nothing of where they are from."""
_FEWEST_EQUAL: Final = 12
"""So many letters at the start of a line tell that lowering rewrote the rest of it."""


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

    def find(self, path: str, line: int, column: int) -> Spot | None:
        """Return the place in the author's own file; None where it is not known, for lines that ship say nothing there."""
        here = Spot(path, line, column)
        if line < 1 or column < 1:
            return None
        if path in self._maps:
            return _mapped(self._maps[path], here)
        data = self._shipped.get(path)
        if data is None or data == self._written.get(path):
            return here
        return self._matched(data, here)

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
                path, index = found
                line = _holding(shipped[at], self._lines[path], index + 1) if back else None
                if line is not None:
                    return Spot(path, line.number, _column(shipped[at], line, here))
                line = self._lines[path][index]
                return Spot(path, line.number, _column(shipped[at - back], line, here))
        return None

    def _best(self, shipped: list[_Line], at: int) -> tuple[str, int] | None:
        """Return the one line of a source, by its index, that equals the shipped one and has the most equal lines around it."""
        found = [
            (_run(shipped, at, lines, index), path, index)
            for path, lines in self._lines.items()
            for index, line in enumerate(lines)
            if line.words == shipped[at].words
        ]
        found.sort(reverse=True)
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return None
        _, path, index = found[0]
        return path, index


def _holding(sought: _Line, lines: list[_Line], start: int) -> _Line | None:
    """Return the next line that contains the shipped one, else the one that begins most like it.

    Of several statements on a line lowering makes several lines, and of a line it may rewrite the end alone.
    """
    words = sought.words.replace('"', "")
    if len(words) < _FEWEST:
        return None
    equal = []
    for line in lines[start : start + _BELOW]:
        meant = line.words.replace('"', "")
        if words in meant:
            return line
        equal.append((_equal_letters(words, meant), -line.number, line))
    most = max(equal, default=None)
    return most[2] if most is not None and most[0] >= _FEWEST_EQUAL else None


def _equal_letters(one: str, other: str) -> int:
    """Count the letters with which both begin; 0 where they call different methods of the same thing."""
    count = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return 0 if one[:count].endswith(".") else count


def _column(shipped: _Line, source: _Line, here: Spot) -> int:
    """Return the column in a line of a source that has the shipped one's text once, letter by letter; else 1."""
    told = shipped.written.strip()
    if here.line != shipped.number or source.written.count(told) != 1:
        return 1
    before, indentation = source.written.partition(told)[0], shipped.written.partition(told)[0]
    return max(1, here.column + units(before) - units(indentation))


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

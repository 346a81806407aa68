"""Where a place in a script that ships lies in the sources: by the bundler's map, or word by word in a linked module."""

from __future__ import annotations

import re
from bisect import bisect_right
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.comments import without_comments
from widgetpack.native.sourcemap import load_lines
from widgetpack.utf16 import offset_of, place_of
from widgetpack.widget import ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.bundle.package import Package

_WORD: Final = re.compile(rb"[\w$\x80-\xff]+")
"""A name, a number, a word of a text: what linking and lowering leave in its order, whatever they do to signs and lines."""
_MOST_WORDS: Final = 50_000
"""Of one module: as many take three seconds to compare, once. jQuery has 20,000."""


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
        self._aligned: dict[tuple[str, str], _Aligned] = {}

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
        owner = next((name for name, start, end in self._chunks(path, data) if start <= offset < end), "")
        source = self._written.get(owner)
        if source is None:
            return None
        if (path, owner) not in self._aligned:
            ranges = [(start, end) for name, start, end in self._chunks(path, data) if name == owner]
            self._aligned[path, owner] = _align(without_comments(path, data), ranges, without_comments(owner, source))
        at = self._aligned[path, owner].find(offset)
        return None if at is None else Spot(owner, *place_of(source, at))

    def _chunks(self, path: str, data: bytes) -> Iterator[tuple[str, int, int]]:
        """Yield the file that each piece of a shipped script comes from, where the piece starts, and where it ends."""
        linked = self._package.linked
        if path != ENTRY or linked is None or not linked.chunks:
            yield path, 0, len(data) + 1
            return
        start = 0
        for name, size in linked.chunks:
            yield name, start, start + size
            start += size


class _Aligned(NamedTuple):
    """The words of a shipped module that stand in its source, in their order."""

    shipped: list[int]
    """Where each begins, in bytes."""
    source: list[int]
    """Where the same word begins in the source."""
    lengths: list[int]

    def find(self, offset: int) -> int | None:
        """Return where a place of the shipped module lies in its source: within a word exactly, else at the word before."""
        index = bisect_right(self.shipped, offset) - 1
        if index < 0:
            return None
        within = offset - self.shipped[index]
        if within < self.lengths[index]:
            return self.source[index] + within
        # Behind the last word stands what the linker calls the module with.
        return self.source[index] if index + 1 < len(self.shipped) else None


def _align(shipped: bytes, ranges: list[tuple[int, int]], source: bytes) -> _Aligned:
    """Compare a module's pieces of a shipped script with its source; comments are blanks in both."""
    made = [match.span() for start, end in ranges for match in _WORD.finditer(shipped, start, end)]
    given = [match.span() for match in _WORD.finditer(source)]
    found = _Aligned([], [], [])
    if max(len(made), len(given)) > _MOST_WORDS:
        return found
    words = [shipped[start:end] for start, end in made], [source[start:end] for start, end in given]
    for kind, first, last, second, end in SequenceMatcher(None, *words).get_opcodes():
        is_pair = kind == "equal" or (kind == "replace" and last - first == end - second)
        for here, there in zip(range(first, last), range(second, end), strict=True) if is_pair else ():
            if kind == "equal" or _is_rewritten(words[0][here], words[1][there]):
                found.shipped.append(made[here][0])
                found.source.append(given[there][0])
                found.lengths.append(made[here][1] - made[here][0])
    return found


def _is_rewritten(made: bytes, given: bytes) -> bool:
    """Tell whether lowering makes one word of the other: `1e3` of `1000`, `data2` of a `data` that hides another."""
    return made.startswith(given) or (made[:1].isdigit() and given[:1].isdigit())


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

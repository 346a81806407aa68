"""Which word of a linked or lowered script is which word of its source.

Linking wraps modules and lowering prints them anew, but both leave the words of a module in their order: names, numbers, the words of
texts. So the two texts are compared word by word, as `diff` compares lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.comments import without_comments
from widgetpack.widget import ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.bundle.package import Package

_WORD: Final = re.compile(rb"[\w$\x80-\xff]+")
_MOST_WORDS: Final = 50_000
"""Of one module: as many take three seconds to compare, once. jQuery has 20,000."""
_REMEMBERED: Final = 256
"""Modules whose words were compared: of a save most are those of the save before."""


class Piece(NamedTuple):
    """A part of a script that ships."""

    path: str
    """The file that it comes from; empty for what only the linker wrote."""
    start: int
    """In the script, in bytes."""
    end: int


def pieces_of(package: Package, path: str, data: bytes) -> Iterator[Piece]:
    """Yield what a script that ships was made of, from its start to its end; ``data`` is its text before it was minified."""
    linked = package.linked
    if path != ENTRY or linked is None or not linked.chunks:
        yield Piece(path, 0, len(data) + 1)
        return
    starts = accumulate((size for _, size in linked.chunks), initial=0)
    for start, (owner, size) in zip(starts, linked.chunks, strict=False):
        yield Piece(owner, start, start + size)


class Aligned(NamedTuple):
    """The words of a shipped module that stand in its source, in their order."""

    shipped: tuple[int, ...]
    """Where each begins in the script that ships, in bytes."""
    source: tuple[int, ...]
    """Where the same word begins in the source."""
    lengths: tuple[int, ...]

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


def align(data: bytes, pieces: list[Piece], path: str, source: bytes) -> Aligned:
    """Compare the pieces of a shipped script that come from one file with that file."""
    made = b"\n".join(data[piece.start : piece.end] for piece in pieces)
    common = _common(made, path, source)
    # The offsets are those of the pieces put together: each piece has moved by what stands before it in the script.
    starts = [*accumulate((piece.end - piece.start + 1 for piece in pieces), initial=0)]
    moved = [piece.start - start for piece, start in zip(pieces, starts, strict=False)]
    shipped = tuple(at + moved[bisect_right(starts, at) - 1] for at in common.shipped)
    return common._replace(shipped=shipped)


@lru_cache(maxsize=_REMEMBERED)
def _common(made: bytes, path: str, source: bytes) -> Aligned:
    ours = [match.span() for match in _WORD.finditer(made)]
    theirs = [match.span() for match in _WORD.finditer(without_comments(path, source))]
    if max(len(ours), len(theirs)) > _MOST_WORDS:
        return Aligned((), (), ())
    words = [made[start:end] for start, end in ours], [source[start:end] for start, end in theirs]
    found = []
    for kind, first, last, second, end in SequenceMatcher(None, *words).get_opcodes():
        is_pair = kind == "equal" or (kind == "replace" and last - first == end - second)
        for here, there in zip(range(first, last), range(second, end), strict=True) if is_pair else ():
            if kind == "equal" or _is_rewritten(words[0][here], words[1][there]):
                found.append((ours[here][0], theirs[there][0], ours[here][1] - ours[here][0]))
    return Aligned(*zip(*found, strict=True)) if found else Aligned((), (), ())


def _is_rewritten(made: bytes, given: bytes) -> bool:
    """Tell whether lowering makes one word of the other: `1e3` of `1000`, `data2` of a `data` that hides another."""
    return made.startswith(given) or (made[:1].isdigit() and given[:1].isdigit())

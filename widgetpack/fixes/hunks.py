"""The lines in which two texts differ, as the hunks of a unified diff.

`difflib` alone takes the square of a text's changes: five thousand added lines take it ten seconds. Lines that both texts
have exactly once are paired first, and it only looks at what lies between them.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Lines = Sequence[bytes]


class _Matcher(difflib.SequenceMatcher[bytes]):
    """A matcher of lines that starts from those that are unique."""

    def __init__(self, before: Lines, after: Lines) -> None:
        """Take both texts, each line with its end."""
        super().__init__(None, before, after)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[difflib.Match]:
        """Return the runs of equal lines, in their order, and one of no line at the end, as the standard one does."""
        blocks: list[difflib.Match] = []
        for old, new, size in _blocks(self._before, self._after):
            last = blocks[-1] if blocks else difflib.Match(0, 0, 0)
            if (last.a + last.size, last.b + last.size) == (old, new):
                blocks[-1:] = [difflib.Match(last.a, last.b, last.size + size)]
            else:
                blocks.append(difflib.Match(old, new, size))
        return [*blocks, difflib.Match(len(self._before), len(self._after), 0)]


def hunks(before: Lines, after: Lines) -> Iterator[bytes]:
    """Yield the lines of all hunks, each with three lines around it; nothing for equal texts."""
    for group in _Matcher(before, after).get_grouped_opcodes():
        (_, old, _, new, _), (_, _, old_end, _, new_end) = group[0], group[-1]
        yield f"@@ -{_range(old, old_end)} +{_range(new, new_end)} @@\n".encode()
        for tag, start, end, new_start, new_stop in group:
            if tag == "equal":
                yield from (b" " + line for line in before[start:end])
            else:
                yield from (b"-" + line for line in before[start:end])
                yield from (b"+" + line for line in after[new_start:new_stop])


def _range(start: int, end: int) -> str:
    """Return first line and length as a hunk's head has them: an empty range begins at the line before it."""
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"


def _blocks(before: Lines, after: Lines) -> Iterator[tuple[int, int, int]]:
    """Yield where equal lines stand in both texts, and how many."""
    old = new = 0
    for old_anchor, new_anchor in (*_anchors(before, after), (len(before), len(after))):
        parts = before[old:old_anchor], after[new:new_anchor]
        if parts[0] and parts[1]:
            for match in difflib.SequenceMatcher(None, *parts).get_matching_blocks()[:-1]:
                yield old + match.a, new + match.b, match.size
        if old_anchor < len(before):
            yield old_anchor, new_anchor, 1
        old, new = old_anchor + 1, new_anchor + 1


def _anchors(before: Lines, after: Lines) -> list[tuple[int, int]]:
    """Return the longest row of lines, each unique in both texts, that have the same order in both."""
    old, new = Counter(before), Counter(after)
    there = {line: index for index, line in enumerate(after) if new[line] == 1}
    pairs = [(index, there[line]) for index, line in enumerate(before) if old[line] == 1 and line in there]
    ends: list[int] = []  # of the rows of each length, the end that leaves the most room behind it
    piles: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        ends[length : length + 1], piles[length : length + 1] = [place], [index]
        previous.append(piles[length - 1] if length else -1)
    row = []
    at = piles[-1] if piles else -1
    while at >= 0:
        row.append(pairs[at])
        at = previous[at]
    return row[::-1]

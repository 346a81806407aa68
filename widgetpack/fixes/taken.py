"""Which edits of one file can be done at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from widgetpack.fixes.base import Edit
    from widgetpack.model import Pointer


class Taken(NamedTuple):
    """What the edits that were chosen for a file take up; grows with each that `take` accepts."""

    spans: list[tuple[int, int]]
    """Start and end of the bytes that give way, sorted; no two overlap."""
    points: list[int]
    """Where something is inserted, sorted."""
    made: set[Pointer]


def take(taken: Taken, edit: Edit) -> bool:
    """Choose an edit unless another changes the same bytes or adds the same member; insertions at one place go together."""
    if edit.makes and edit.makes in taken.made:
        return False
    at = bisect_left(taken.spans, (edit.start, edit.start))
    point = bisect_right(taken.points, edit.start)
    if (
        (at > 0 and taken.spans[at - 1][1] > edit.start)
        or (at < len(taken.spans) and taken.spans[at][0] < edit.end)
        or (point < len(taken.points) and taken.points[point] < edit.end)
    ):
        return False
    if edit.start < edit.end:
        taken.spans.insert(at, (edit.start, edit.end))
    else:
        insort(taken.points, edit.start)
    if edit.makes:
        taken.made.add(edit.makes)
    return True

"""Comments that silence findings: ``// widgetpack: ignore S12`` in scripts, styles and templates."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.comments import comments
from widgetpack.model import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.comments import Span

_MARKER: Final = re.compile(rb"(?<![^\s/*#!{-])widgetpack:[ \t]*(?P<verb>ignore[\w-]*)")
_LONGEST: Final = 500
"""Bytes that are read behind ``ignore``, and on each side of a comment to see whether it stands alone: a file may be one line."""
_REASON: Final = re.compile(r"(?:^|\s)--(?:\s|$)")
_CLOSING: Final = re.compile(r"(?:\*/|#\}|-->)\s*$")
_BLANK: Final = re.compile(rb"(?:[ \t]*\}[ \t]*\r?\n)?\s*+")


class Comment(NamedTuple):
    """One comment that silences."""

    path: str
    offset: int
    """Where ``widgetpack:`` stands, in bytes."""
    words: tuple[str, ...]
    """The rules as written; none: every rule."""
    first: int
    """The first line that it counts for, 1-based."""
    last: int
    """The last line."""
    whole_file: bool = False
    """Counts for every line."""
    fault: str = ""
    """Why it counts for nothing; empty where it counts."""

    def covers(self, line: int) -> bool:
        """Tell whether it silences at this line of its file."""
        return not self.fault and (self.whole_file or self.first <= line <= self.last)


def load_comments(path: str, data: bytes) -> tuple[Comment, ...]:
    """Return the comments of a file that silence; never raises.

    A comment behind code counts for its own line, one that stands alone for the next line with something other than
    comments on it.
    """
    return tuple(_comments(path, data, comments(path, data))) if _MARKER.search(data) else ()


def _comments(path: str, data: bytes, spans: list[Span]) -> Iterator[Comment]:
    starts = [start for start, _ in spans]
    breaks = [match.start() for match in re.finditer(rb"\n", data)]
    ends = _ends(data, spans)
    head = _skip(data, len(BOM) if data.startswith(BOM) else 0, dict(spans))
    for match in _MARKER.finditer(data):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or spans[index][1] <= match.start():
            continue  # in a string or in code
        start, end = spans[index]
        verb = match["verb"].decode()
        until = ends[index] if _stands_alone(data, start, end) else end
        whole = verb == "ignore-file"
        fault = ""
        if verb not in ("ignore", "ignore-file"):
            fault = f"`{verb}` is neither `ignore` nor `ignore-file`"
        elif whole and start >= head:
            fault = "`ignore-file` counts only at the top of the file, above all code"
        first, last = bisect_left(breaks, start) + 1, bisect_left(breaks, until) + 1
        yield Comment(path, match.start(), _words(data, match.end(), end), first, last, whole, fault)


def _words(data: bytes, start: int, end: int) -> tuple[str, ...]:
    """Return the rules named behind ``ignore``, up to the end of line or comment, or to `` -- `` and a reason."""
    line = data[start : min(end, start + _LONGEST)].partition(b"\n")[0]
    text = _CLOSING.sub("", line.decode("utf-8", "replace"))
    return tuple(filter(None, re.split(r"[\s,]+", _REASON.split(text)[0])))


def _stands_alone(data: bytes, start: int, end: int) -> bool:
    """Tell whether nothing else stands on the lines of a comment; the braces that JSX needs around it are nothing."""
    before = data[max(0, start - _LONGEST) : start].rpartition(b"\n")[2].removeprefix(BOM).strip()
    behind = data[end : end + _LONGEST].partition(b"\n")[0].strip()
    return (before, behind) in ((b"", b""), (b"{", b"}"))


def _ends(data: bytes, spans: list[Span]) -> list[int]:
    """Return for each comment where the next thing stands that is neither blank nor a comment."""
    ends: dict[int, int] = {}
    for start, end in reversed(spans):
        after = _after_blanks(data, end)
        ends[start] = ends.get(after, after)
    return [ends[start] for start, _ in spans]


def _after_blanks(data: bytes, at: int) -> int:
    """Return where the next character stands that is no blank, nor the brace behind a comment in JSX."""
    return _BLANK.match(data, at).end()  # type: ignore[union-attr]  # it matches nothing, too


def _skip(data: bytes, at: int, spans: dict[int, int]) -> int:
    """Return where the first code stands from ``at`` on."""
    while True:
        at = _after_blanks(data, at)
        if at not in spans:
            return at
        at = spans[at]

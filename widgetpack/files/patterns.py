"""Git's ignore patterns, with git's own meaning (gitignore(5); wildmatch.c and dir.c of git 2.43).

A pattern is asked about one path itself and never about what lies below it: that a folder which is out takes its files
with it is the business of whoever walks. Differs from git in one point: ``?`` is one character, not one byte.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_CLASS = re.compile(r"\[:(\w*):\]")
_NOTHING = re.compile(r"(?!)")


class Pattern(NamedTuple):
    """One line of an ignore file."""

    text: str
    """As written, without trailing blanks."""
    line: int
    """1-based."""
    negated: bool
    """Starts with ``!``: brings back."""
    folders_only: bool
    """Ends with ``/``."""
    anchored: bool
    """Holds a slash before its end: meant from the root on, not at every depth."""
    regex: re.Pattern[str]
    """Of the whole path where anchored, else of its last name."""
    steps: tuple[str, ...]
    """The names of an anchored pattern, still as patterns."""

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Tell whether the pattern names this path itself."""
        if self.folders_only and not is_folder:
            return False
        return self.regex.fullmatch(path if self.anchored else path.rpartition("/")[2]) is not None

    def leads_into(self, folder: str) -> bool:
        """Tell whether the pattern spells out a way to something below ``folder``.

        A pattern that holds everywhere (``*.js``, ``**/x.js``) leads into no folder in particular.
        """
        names = folder.split("/")
        for index, name in enumerate(names):
            if index >= len(self.steps):
                return False
            if self.steps[index].startswith("**"):
                return index > 0
            if not _regex(self.steps[index]).fullmatch(name):
                return False
        return len(self.steps) > len(names)


def load_patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """Read the lines of an ignore file; what git would skip, and a pattern that is not valid, matches nothing."""
    return tuple(filter(None, (_pattern(line, number) for number, line in enumerate(lines, 1))))


def last_match(patterns: tuple[Pattern, ...], path: str, *, is_folder: bool) -> Pattern | None:
    """Return the last pattern that names the path: the one that counts."""
    return next((item for item in reversed(patterns) if item.matches(path, is_folder=is_folder)), None)


def _pattern(line: str, number: int) -> Pattern | None:
    text = _without_blanks(line)
    if not text or text.startswith("#"):
        return None
    body = text.removeprefix("!")
    folders_only = body.endswith("/")
    body = body.removesuffix("/")
    if not body:
        return None
    anchored = "/" in body
    body = body.removeprefix("/")
    steps = tuple(body.split("/")) if anchored else ()
    return Pattern(text, number, text.startswith("!"), folders_only, anchored, _regex(body, anchored=anchored), steps)


def _without_blanks(line: str) -> str:
    """Drop trailing blanks, but not one behind a back-slash."""
    match = re.match(r"(?:\\.|[^\\ ]| +(?=[^ ]))*+", line, re.DOTALL)
    end = match.end() if match else 0
    return line if line[end:].strip(" ") else line[:end]


def _regex(body: str, *, anchored: bool = False) -> re.Pattern[str]:
    """Translate a pattern; one that git would never match gives an expression that never matches."""
    plain = re.match(r"[^*?\[\\]*", body).end()  # type: ignore[union-attr]  # git compares this much first, then matches the rest
    parts, at = [], 0
    while at < len(body):
        letter = body[at]
        if letter == "*":
            whole = anchored and (at == plain or body[at - 1] == "/")
            part, at = _stars(body, at, whole=whole)
        elif letter == "?":
            part, at = "[^/]", at + 1
        elif letter == "[":
            part, at = _bracket(body, at)
        elif letter == "\\":
            part, at = (re.escape(body[at + 1]) if at + 1 < len(body) else ""), at + 2
        else:
            part, at = re.escape(letter), at + 1
        if not part:
            return _NOTHING
        parts.append(part)
    return re.compile(_earliest(parts, _FOLDERS, lambda steps: _earliest(steps, _STAR, "".join)), re.DOTALL)


_STAR = "[^/]*?"
_FOLDERS = "(?:[^/]*+/)*?"
_REST = ".*"


def _earliest(parts: list[str], gap: str, joined: Callable[[list[str]], str]) -> str:
    """Join what stands between the gaps so that each but the last is matched where it first can be, and never again.

    A later place leaves less to the next gap, which could have skipped as far: without the atomic groups ``*a*a*a*b``
    and ``**/a/**/a/**/b`` would try every way to share a path out among their stars.
    """
    cuts = [-1, *(index for index, part in enumerate(parts) if part == gap), len(parts)]
    first, *others = [joined(parts[start + 1 : end]) for start, end in pairwise(cuts)]
    if not others:
        return first
    return first + "".join(f"(?>{gap}{other})" for other in others[:-1] if other) + gap + others[-1]


def _stars(body: str, at: int, *, whole: bool) -> tuple[str, int]:
    """Two stars that begin a step, up to its end, cross slashes; others stay within one name."""
    end = at
    while body[end : end + 1] == "*":
        end += 1
    if whole and end - at > 1:
        if end == len(body):
            return _REST, end
        if body[end] == "/":
            return _FOLDERS, end + 1
    return _STAR, end


def _bracket(body: str, at: int) -> tuple[str, int]:
    """Translate ``[...]``; one without an end, or with an unknown class, matches nothing."""
    at += 1
    negated = body[at : at + 1] in ("!", "^")
    at += negated
    ranges: list[str] = []
    first = True
    while first or body[at : at + 1] != "]":
        first = False
        named = _CLASS.match(body, at)
        if named:
            if named[1] not in _CLASSES:
                return "", at
            ranges.append(_CLASSES[named[1]])
            at = named.end()
            continue
        low, at = _member(body, at)
        high = low
        if body[at : at + 1] == "-" and body[at + 1 : at + 2] not in ("]", ""):
            high, at = _member(body, at + 1)
        if not low or not high:
            return "", at
        # Of a range the wrong way round git still matches the first letter.
        ranges.append(f"{re.escape(low)}-{re.escape(max(low, high))}")
    inside = "".join(ranges)
    if negated:
        return f"[^/{inside}]", at + 1
    return (f"(?!/)[{inside}]" if inside else _NOTHING.pattern), at + 1


def _member(body: str, at: int) -> tuple[str, int]:
    """Return one letter between brackets, a back-slash taken off, and the place behind it."""
    at += body[at : at + 1] == "\\"
    return body[at : at + 1], at + 1

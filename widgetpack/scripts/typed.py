"""Comments in TypeScript, for which tree-sitter's JavaScript has no grammar: ``<T>(x: T)`` would be JSX up to the end of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    rb"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    | "(?:\\.|[^"\\\n])*+"? | '(?:\\.|[^'\\\n])*+'?
    | (?P<tick>`) | (?P<open>\{) | (?P<close>\})
    | (?P<slash>/(?!>)) | (?P<word>[\w$]+) | (?P<sign>[^\s\w$"'`{}/]|/)""",
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE: Final = re.compile(rb"(?:\\.|\$(?!\{)|[^`\\$])*+(?P<end>`|\$\{)?", re.DOTALL)
_PATTERN: Final = re.compile(rb"(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n]){0,300}+\]|[^/\\\[\n]){1,500}+/")
"""No longer than people write them: where the slash divides, what is looked at in vain is soon over."""
_BEFORE_PATTERN: Final = frozenset(
    b"return typeof case in of do else void delete throw new instanceof await yield default".split()
)
"""Words behind which a slash begins a regular expression; behind any other it divides."""
_VALUE_ENDS: Final = frozenset((b")", b"]", b"<"))
"""Signs behind which it divides, or ends a tag: ``</p>``."""


def comments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each comment, in bytes.

    A string and a regular expression end with their line at the latest, so that an apostrophe in the text of JSX costs no more
    than its line. A template is followed through its ``${}``.
    """
    depths: list[int] = []  # of braces, within each template that is open
    at, before = 0, b""
    while (token := _TOKEN.search(data, at)) is not None:
        at, kind = token.end(), token.lastgroup
        if kind == "comment":
            yield token.span()
            continue
        if kind == "tick" or (kind == "close" and depths and not depths[-1]):
            if kind == "close":
                depths.pop()
            piece = _TEMPLATE.match(data, at)
            at = at if piece is None else piece.end()
            if piece is not None and piece["end"] == b"${":
                depths.append(0)
            before = b")"
            continue
        if depths and kind in ("open", "close"):
            depths[-1] += 1 if kind == "open" else -1
        if kind == "slash" and _begins_pattern(before) and (pattern := _PATTERN.match(data, at)) is not None:
            at = pattern.end()
        before = token[0] if kind in ("word", "open", "close", "sign") else b")"


def _begins_pattern(before: bytes) -> bool:
    """Tell from the token before a slash what it is."""
    if re.fullmatch(rb"[\w$]+", before):
        return before in _BEFORE_PATTERN
    return before not in _VALUE_ENDS

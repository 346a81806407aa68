"""Files without their comments: a place that is looked for by its words must not lie in one."""

from __future__ import annotations

import re
from typing import Final

_BLOCK: Final = rb"/\*.*?(?:\*/|\Z)"
_TEXTS: Final = rb"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
"""A text on one line, for addresses hold `/*` and `//` as well."""
_COMMENTS: Final = {
    "js": re.compile(rb"(?ms)" + _TEXTS + rb"|(?P<comment>" + _BLOCK + rb"|^[ \t]*//[^\n]*)"),
    "css": re.compile(rb"(?s)" + _TEXTS + rb"|(?P<comment>" + _BLOCK + rb")"),
    "twig": re.compile(rb"(?s)(?P<comment>\{#.*?(?:#\}|\Z))"),
}
_LETTERS: Final = re.compile(rb"[^\n]")


def without_comments(path: str, data: bytes) -> bytes:
    """Return a script, style sheet or template with blanks for its comments, so that offsets stay; others as they are.

    Of comments that run to the end of a line only those that have it for themselves are seen: behind code `//` may be part
    of a regular expression.
    """
    pattern = _COMMENTS.get(path.rpartition(".")[2])
    return data if pattern is None else pattern.sub(_blanked, data)


def _blanked(found: re.Match[bytes]) -> bytes:
    return found[0] if found["comment"] is None else _LETTERS.sub(b" ", found[0])

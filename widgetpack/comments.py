"""Where the comments of a file stand, whatever its kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Span = tuple[int, int]
"""Start and end of a comment in bytes, its signs included."""

# What has no end goes to the end of the file, and a string to the end of its line: so no text is looked at twice.
_MARKUP: Final = re.compile(
    rb"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|(?P<comment>\{#.*?(?:#\}|\Z)|<!--.*?(?:-->|\Z))", re.DOTALL
)
_STYLE: Final = re.compile(rb'"(?:\\.|[^"\\\n])*+"?|\'(?:\\.|[^\'\\\n])*+\'?|(?P<comment>/\*.*?(?:\*/|\Z))', re.DOTALL)
_LETTER: Final = re.compile(rb"[^\n]")


def comments(path: str, data: bytes) -> list[Span]:
    """Return the comments of a script, style sheet or template from top to bottom; of other files none. Never raises.

    None are found in a script that no parser may see (see `widgetpack.scripts.syntax.unreadable`).
    """
    find = _KINDS.get(path.rpartition(".")[2].lower())
    return [] if find is None else sorted(find(data))


def without_comments(path: str, data: bytes) -> bytes:
    """Return a file with blanks in place of its comments: whatever else is in it keeps its offset and its line."""
    pieces, done = [], 0
    for start, end in comments(path, data):
        pieces += [data[done:start], _LETTER.sub(b" ", data[start:end])]
        done = end
    return b"".join([*pieces, data[done:]])


def _in_style(data: bytes) -> Iterable[Span]:
    return (match.span() for match in _STYLE.finditer(data) if match["comment"])


def _in_markup(data: bytes) -> Iterable[Span]:
    return (match.span() for match in _MARKUP.finditer(data) if match["comment"])


def _in_typed(data: bytes) -> Iterable[Span]:
    # Imported here: only who looks into a source pays for it.
    from widgetpack.scripts.typed import comments

    return comments(data)


def _in_script(data: bytes) -> Iterable[Span]:
    # Imported here: only who looks into a script pays for it.
    from widgetpack.scripts.syntax import unreadable
    from widgetpack.scripts.tree import captures, parse

    tree = None if unreadable(data) else parse(data)
    found = captures(tree.root_node, "[(comment) (html_comment)] @comment") if tree else {}
    return ((node.start_byte, node.end_byte) for node in found.get("comment", ()))


_KINDS: Final[dict[str, Callable[[bytes], Iterable[Span]]]] = {
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), _in_script),
    **dict.fromkeys(("ts", "tsx", "mts", "cts"), _in_typed),
    "css": _in_style,
    **dict.fromkeys(("twig", "html", "htm", "svg", "xml", "tpl", "hbs", "mustache", "ejs"), _in_markup),
}

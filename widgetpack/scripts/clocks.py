"""Addresses of the widget's files that change on every load, because a clock or chance is a part of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.code import string_around, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

CLOCK: Final = r"\bDate\.now\(|\bnew Date\b|\bMath\.random\(|\bperformance\.now\("
_HINTS: Final = (b"Date", b"Math.random", b"performance.now")
_OPEN_QUERY: Final = rb"\.(?:js|css|twig)\?(?:[\w.&=-]*=)?(?=[\"'`$])"
"""The end of a text that names a file with a query, whose value comes behind it."""
_VALUE_BYTES: Final = 80


class Changing(NamedTuple):
    """An address with a clock in it."""

    source: str
    """The name and what follows, as written."""
    offset: int


def changing(script: Script) -> Iterator[Changing]:
    """Yield the addresses of js, css and twig files to which the code adds a clock: ``path + '/a.css?v=' + Date.now()``."""
    data = script.data
    if not any(hint in data for hint in _HINTS):
        return
    for match, use in texts(script, re.compile(_OPEN_QUERY)):
        text = string_around(use)
        value = data[match.end() : _end_of_value(text, match.end())] if text is not None else b""
        if text is not None and re.search(CLOCK.encode(), value[:_VALUE_BYTES]) is not None:
            shown = data[text.start_byte : match.end()] + value
            yield Changing(shown.decode("utf-8", "replace").splitlines()[0], text.start_byte)


def _end_of_value(text: Node, end: int) -> int:
    """Return where what is added to the text's ``end`` ends: the template, or the right side of the sum."""
    if text.type == "template_string":
        return text.end_byte
    whole = text.parent
    if whole is None or whole.type != "binary_expression" or end != text.end_byte - 1:
        return end
    if whole.child_by_field_name("left") == text:
        return whole.end_byte
    outer = whole.parent
    is_sum = outer is not None and outer.type == "binary_expression" and outer.child_by_field_name("left") == whole
    return outer.end_byte if outer is not None and is_sum else end

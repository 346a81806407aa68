"""What a large script of others does, told without a tree: words that stand where only code can stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.act import Act, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATEMENT: Final = rb"(?:\A|[;{}()\[,=!&|?:>\n]\s*|\b(?:return|else|do|void)\s|(?:window|globalThis)\.)\Z"
"""What may stand before a word that is code; in texts and comments a letter, a blank or a quote mostly does."""
_MEMBER: Final = rb"[\w$\])]\.\Z"
_BEFORE_BYTES: Final = 24
_SCRIPT_REQUEST: Final = rb"dataType\s*:\s*[\"']script"
_URL: Final = rb"[{,\s\"']url[\"']?\s*[:,}]"
_OBJECT_BYTES: Final = 120


_TEXTS: Final = (
    rb"""(?s:/\*.*?\*/)|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    rb"""|(?<=[(,=:\[!&|?{};>])/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"""
)
"""Comments, strings, templates and regular expressions: looked for only once something is found."""

_TEXT_BYTES: Final = 20_000
"""How long a text may go on behind what is found in it."""
_LINE_BYTES: Final = 200


class Shape(NamedTuple):
    """How an act looks in a text."""

    kind: Kind
    what: str
    """Empty: the text that is found."""
    hint: bytes
    """A text without it holds none; searching for it is faster than for the pattern."""
    source: bytes
    before: bytes = _STATEMENT


_SHAPES: Final = (
    Shape("evaluated", "eval(...)", b"eval(", rb"eval\((?!\s*\))"),
    # `new Function("return this")` is how bundlers find the global object.
    Shape("evaluated", "new Function(...)", b"new Function(", rb"new Function\((?![\"']return this)"),
    Shape("script-tag", "createElement('script')", b"createElement(", rb"createElement\([\"']script[\"']\)", _MEMBER),
    Shape("debugger", "debugger", b"debugger", rb"debugger(?=\s*[;}])"),
    Shape("waiting", "async: false", b"async", rb"async\s*:\s*(?:!1|false)(?=\s*[,}])"),
    Shape("owned", "", b"APP.", rb"APP(?:\.[A-Za-z_$][\w$]*)+(?=\s*[-+*/|&?]{0,2}=(?![=>]))"),
    Shape("owned", "", b"AMOCRM.", rb"AMOCRM(?:\.[A-Za-z_$][\w$]*)+(?=\s*[-+*/|&?]{0,2}=(?![=>]))"),
)


def _is_request(options: bytes) -> bool:
    """Tell whether options are those of a request; syntax trees have an ``async``, too, and jQuery loads a script so."""
    return re.search(_URL, options) is not None and re.search(_SCRIPT_REQUEST, options) is None


@lru_cache(maxsize=8)
def glanced_acts(data: bytes) -> tuple[Act, ...]:
    """Return what a text without a tree does, as far as plain words tell it; remembered, as it is also asked for ahead."""
    return tuple(_acts(data))


def _acts(data: bytes) -> Iterator[Act]:
    found = [act for shape in _SHAPES if shape.hint in data for act in _seen(shape, data)]
    end = max((act.offset for act in found if act.kind != "script-tag"), default=0)
    skipped = [span.span() for span in re.compile(_TEXTS).finditer(data, 0, end + _TEXT_BYTES)] if end else []
    starts = [start for start, _ in skipped]
    for act in found:
        # A call with a literal hardly stands in a text: its line is enough, and most large bundles hold no other act.
        line = data[max(0, act.offset - _LINE_BYTES) : act.offset].rpartition(b"\n")[2].lstrip()
        index = bisect_right(starts, act.offset) - 1
        is_code = (
            not line.startswith((b"*", b"//", b"/*"))
            if act.kind == "script-tag"
            else index < 0 or act.offset >= skipped[index][1]
        )
        if is_code:
            yield act


def _seen(shape: Shape, data: bytes) -> Iterator[Act]:
    """Yield where a shape stands, in texts and comments, too."""
    for match in re.finditer(shape.source, data):
        start = match.start()
        if re.search(shape.before, data[max(0, start - _BEFORE_BYTES) : start]) is None:
            continue
        around = data[max(0, start - _OBJECT_BYTES) : start + _OBJECT_BYTES]
        if shape.kind != "waiting" or _is_request(around):
            yield Act(shape.kind, shape.what or match[0].decode("utf-8", "replace")[:60], start)

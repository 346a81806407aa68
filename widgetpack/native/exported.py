"""Whether the entry of ``script.js`` exports what the platform calls with ``new``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.comments import without_comments
from widgetpack.model import Place
from widgetpack.native.facts import NoConstructor
from widgetpack.native.options import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from widgetpack.native.run import Ran

_OTHERWISE: Final = re.compile(rb"(?<![\w$])(?:exports|define)(?![\w$])|(?<![\w$])export\s*=")
"""What hands a module over in another way than `export default`."""
_DEFAULT: Final = re.compile(rb"^export\s+default\s+(?P<given>[^\n]*)", re.MULTILINE)
_WORDS: Final = (
    (re.compile(rb"async\b"), "an async function"),
    (re.compile(rb"\{"), "an object"),
    (re.compile(rb"new\s"), "an object"),
    (re.compile(rb"(?:\([^()]*\)|[A-Za-z_$][\w$]*)\s*(?::\s*[\w$.<>\[\] |&]+)?\s*=>"), "an arrow function"),
    (re.compile(rb"(?:[\"'\[\d]|(?:null|undefined|true|false)\b)"), "a plain value"),
)
"""Beginnings of what `new` refuses."""


def no_constructor(runs: Sequence[Ran], sources: Mapping[str, bytes]) -> Iterator[NoConstructor]:
    """Yield what keeps the platform from calling ``script.js``, only where the source of its entry leaves no doubt.

    An entry that calls ``define`` itself hands its module over there.
    """
    for ran in runs:
        entry = ran.metafile.entries.get("script.js", "")
        if entry.endswith(SCRIPTS) and not ran.defines:
            yield from _judged(entry, sources.get(entry, b""))


def _judged(path: str, data: bytes) -> Iterator[NoConstructor]:
    code = without_comments(path, data)
    if _OTHERWISE.search(code):
        return
    if b"default" not in code:
        yield NoConstructor("nothing as default", Place(path))
    found = list(_DEFAULT.finditer(code))
    if len(found) != 1:
        return
    given, offset = found[0]["given"], found[0].start("given")
    name = re.fullmatch(rb"([A-Za-z_$][\w$]*)\s*;?\s*", given)
    if name:
        const = list(re.finditer(rb"^const\s+%b\s*(?::[^=\n]*)?=\s*([^\n]*)" % re.escape(name[1]), code, re.MULTILINE))
        given = const[0][1] if len(const) == 1 else b""
    kind = next((words for pattern, words in _WORDS if pattern.match(given)), "")
    if kind:
        yield NoConstructor(f"{kind} as default", Place(path, offset=offset))

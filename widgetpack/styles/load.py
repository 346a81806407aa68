"""Facts of one css file: its rules, what they select and set, the files it asks for, and where its syntax breaks."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.model import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.styles.reader import Link, Ruleset

MAX_BYTES: Final = 500_000
"""Reading and judging take some 2.5 s per MB, most of it in tinycss2; of 22 public files one is larger, a library of 1.9 MB, and the next has 164 KB."""
MAX_DEPTH: Final = 1_000
"""Open brackets, as for scripts, those in strings included. Neither tinycss2 1.5 nor what is here recurses; a later one may."""

_STEPS: Final = {ord(c): 1 for c in "([{"} | {ord(c): -1 for c in ")]}"}
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(_STEPS))


class Style(NamedTuple):
    """A css file, looked at once."""

    path: str
    data: bytes
    rules: tuple[Ruleset, ...]
    """Each after the rule around it."""
    links: tuple[Link, ...]
    faults: tuple[Fault, ...]
    """Kinds: ``syntax``, ``nul``, ``too-large``, ``too-deep``, ``unreadable``."""
    of_page: bool = False
    """Whether only pages of the widget's own name it: what is shown in a frame does not reach the CRM."""

    @property
    def is_minified(self) -> bool:
        """Whether a program wrote it: by its name, or by lines that nobody writes."""
        size = len(self.data)
        return ".min." in self.path or (size >= _SMALL and size > _LONG_LINE * (self.data.count(b"\n") + 1))


_SMALL: Final = 1_000
"""Bytes of a text too short to say."""
_LONG_LINE: Final = 80
"""Bytes of a line on average: at most 36 in the hand-written files among 22 public ones, at least 93 in the minified."""


def load_styles(files: Mapping[str, bytes]) -> dict[str, Style]:
    """Read the facts of every css file, by path."""
    found = {path: load_style(path, data) for path, data in files.items() if path.lower().endswith(".css")}
    pages = b"".join(data for path, data in files.items() if path.lower().endswith((".html", ".htm"))) if found else b""
    if not pages:
        return found
    others = [data for path, data in files.items() if path.lower().endswith((".js", ".twig", ".css"))]
    for path, style in found.items():
        name = path.rpartition("/")[2].encode()
        if name in pages and not any(name in data for data in others):
            found[path] = style._replace(of_page=True)
    return found


@lru_cache(maxsize=64)
def load_style(path: str, data: bytes) -> Style:
    """Read the facts of a css file. Never raises: what cannot be read is a fault. Remembered, as a save changes one file."""
    if len(data) > MAX_BYTES:
        fault = Fault("too-large", f"{len(data):,} bytes: styles over {MAX_BYTES:,} are not read")
        return Style(path, data, (), (), (fault,))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Style(path, data, (), (), ())  # UTF-16, which a rule about encodings reports
    if (nul := data.find(0)) >= 0:
        return Style(path, data, (), (), (Fault("nul", "holds a NUL byte", nul),))
    if max(accumulate(map(_STEPS.__getitem__, data.translate(None, _NOT_BRACKETS))), default=0) > MAX_DEPTH:
        return Style(path, data, (), (), (Fault("too-deep", "nests too deeply to be read"),))
    from widgetpack.styles.reader import Reader

    try:
        reader = Reader(data)
    except (ValueError, RecursionError):
        return Style(
            path, data, (), (), (Fault("unreadable", "cannot be read, as with a number of over 4,300 digits"),)
        )
    return Style(path, data, tuple(reader.rules), tuple(reader.links), tuple(reader.faults))

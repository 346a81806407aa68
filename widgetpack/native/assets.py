"""Pictures, fonts and sounds that sources import: the small ones are put into script and css, the others become files of the package."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.native.options import ASSET_HOST
from widgetpack.native.sourcemap import Stretch
from widgetpack.utf16 import units

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = "assets/"
"""Where the files lie in the package."""

_MARK: Final = re.compile(re.escape(ASSET_HOST) + r"/(?P<file>[A-Z0-9]+\.\w+)")
_KINDS: Final = {
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "eot": "application/vnd.ms-fontobject",
    **{ending: f"font/{ending}" for ending in ("woff", "woff2", "ttf", "otf")},
    "mp3": "audio/mpeg",
    **{ending: f"audio/{ending}" for ending in ("ogg", "wav")},
}


class Filled(NamedTuple):
    """A text of esbuild's with every mark replaced."""

    text: str
    files: dict[str, bytes]
    """What became a file, by its path in the package."""
    stretches: tuple[Stretch, ...]
    added: Mapping[str, int] = {}
    """By how many bytes each file of the run made the text longer than its marks were."""


def fill(text: str, written: Mapping[str, bytes], limit: int | None) -> Filled:
    """Put what fits into ``limit`` (bytes; None: everything) in place of its mark, and for the rest its path in the package.

    ``written`` are the files of the run, by name.
    """
    files: dict[str, bytes] = {}

    def value(file: str) -> str:
        data = written[file]
        if limit is None or len(data) <= limit:
            return data_url(file, data)
        name = f"{FOLDER}{hashlib.sha256(data).hexdigest()[:12]}.{file.rpartition('.')[2].lower()}"
        files[name] = data
        return name

    pieces, stretches, done = [], [], 0
    added: dict[str, int] = {}
    for mark in _MARK.finditer(text):
        if mark["file"] in written:
            start, put = mark.start(), value(mark["file"])
            pieces += [text[done:start], put]
            done = mark.end()
            by = len(put) - len(mark[0])
            stretches.append(_stretch(text, start, by))
            added[mark["file"]] = added.get(mark["file"], 0) + by
    return Filled("".join([*pieces, text[done:]]), files, tuple(stretches), added)


def _stretch(text: str, at: int, by: int) -> Stretch:
    line = text.count("\n", 0, at)
    return Stretch(line, units(text[text.rfind("\n", 0, at) + 1 : at]), by)


def data_url(file: str, data: bytes) -> str:
    """Return a file as an address that holds it; its ending tells the kind."""
    ending = file.rpartition(".")[2].lower()
    return f"data:{_KINDS.get(ending, f'image/{ending}')};base64,{base64.b64encode(data).decode()}"

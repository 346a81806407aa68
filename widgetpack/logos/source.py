"""From a path to something that can be drawn: the one place here that reads a picture from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.errors import UsageError, reason_of
from widgetpack.files.selection import read_regular
from widgetpack.images import fault_words, load_image
from widgetpack.model import MAX_FILE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.logos.art import Art

_HINT = "name a PNG, JPEG, GIF, WebP or SVG"


def read_art(path: Path) -> Art:
    """Read a picture, whatever its name says. Raises `UsageError` with the reason where it cannot be used."""
    data = _read(path)
    facts = load_image(str(path), data)
    if facts.fault:
        message = f"{path}: {fault_words(facts)}"
        raise UsageError(message, _HINT)
    if facts.format == "SVG":
        from widgetpack.logos.vector import load_vector

        return load_vector(str(path), data)
    from widgetpack.logos.raster import load_raster

    return load_raster(str(path), data, facts.format)


def _read(path: Path) -> bytes:
    try:
        data = read_regular(str(path), MAX_FILE_BYTES)
    except (OSError, ValueError) as error:
        reason = "a NUL character in its name" if isinstance(error, ValueError) else reason_of(error)
        message = f"{path}: cannot be read: {reason}"
        raise UsageError(message, _HINT) from None
    if data is None:
        message = f"{path}: changes while it is read, or is larger than {MAX_FILE_BYTES:,} bytes"
        raise UsageError(message, "save a smaller copy of the picture")
    return data

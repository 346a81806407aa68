"""Facts of a picture from its header and its end; no pixel is decoded."""

from __future__ import annotations

import io
import re
import struct
import warnings

from widgetpack.model import Image

_SNIFF = 512
_TEXTS = (
    (rb"(?i)\s*(<!doctype html|<html)", "an HTML page"),
    (rb"version https://git-lfs", "a Git LFS pointer"),
    (rb"data:image/", "a data: URL as text"),
    (rb"(iVBORw0KGgo|/9j/|R0lGOD)", "base64 text"),
)


def load_image(path: str, data: bytes) -> Image:
    """Read format and size (pixels) of a picture from its bytes, whatever its name says.

    Never raises: what is no picture has ``format`` empty and ``fault`` set. Source of the reading: Pillow's header
    parsers for PNG, JPEG, GIF and WebP; SVG is text and has no pixel size here (width and height are 0).
    """
    size = len(data)
    if not data:
        return Image(path, 0, "", 0, 0, "empty")
    if path.lower().endswith(".svg") and re.search(rb"<svg[\s>]", data[:4096] if size > 4096 else data):
        return Image(path, size, "SVG", 0, 0)
    return _load_pixels(path, data)


def _load_pixels(path: str, data: bytes) -> Image:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    size = len(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            with Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
                name, (width, height) = str(picture.format), picture.size
        except (Pillow.DecompressionBombWarning, Pillow.DecompressionBombError):
            return Image(path, size, _magic(data), 0, 0, "bomb")
        except UnidentifiedImageError:
            return _unidentified(path, data)
        except Exception:  # noqa: BLE001  # a header parser may raise anything on hostile bytes; the fact is the same
            return Image(path, size, _magic(data), 0, 0, "broken")
    return Image(path, size, name, width, height, "" if _is_complete(name, data) else "truncated")


def _unidentified(path: str, data: bytes) -> Image:
    """Say what bytes are that Pillow does not know."""
    name = _magic(data)
    if name:
        return Image(path, len(data), name, 0, 0, "truncated" if len(data) < _SNIFF else "broken")
    head = data[:_SNIFF]
    what = next((words for pattern, words in _TEXTS if re.match(pattern, head)), "")
    if not what:
        what = "text" if head.isascii() and b"\0" not in head else "other data"
    return Image(path, len(data), "", 0, 0, "fake", what)


def _magic(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "GIF" if data.startswith(b"GIF8") else ""


def _is_complete(name: str, data: bytes) -> bool:
    """Tell whether the picture reaches its own end mark."""
    if name == "PNG":
        return _png_ends(data)
    if name == "JPEG":
        scan = data.find(b"\xff\xda")  # an embedded thumbnail before the first scan has an end mark of its own
        return scan >= 0 and data.find(b"\xff\xd9", scan) >= 0
    if name == "GIF":
        return data.rstrip(b"\0").endswith(b";")
    return name != "WEBP" or struct.unpack("<I", data[4:8])[0] + 8 <= len(data)


def _png_ends(data: bytes) -> bool:
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        at += 12 + length
        if kind == b"IEND":
            return at <= len(data)
    return False

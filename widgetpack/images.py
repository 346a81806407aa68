"""Facts of a picture from its header and its end; no pixel is decoded."""

from __future__ import annotations

import io
import re
import warnings
from functools import lru_cache
from typing import NamedTuple

from widgetpack.model import Image

REMEMBERED = 256
"""So many pictures need not be looked at again."""
_SNIFF = 4096
_BLANKS = rb"(?:\xef\xbb\xbf)?\s*"
_HTML = re.compile(_BLANKS + rb"(?:<!doctype html|<html)", re.IGNORECASE)
_MARKUP = re.compile(_BLANKS + rb"<")
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>/]")
_SVG_END = re.compile(rb"</(?:\w+:)?svg\s*>|/>\s*\Z")
_OTHERS = (
    # What stands in for pictures in real widgets, then formats that a widget cannot use.
    (rb"version https://git-lfs", "a Git LFS pointer"),
    (_BLANKS + rb"data:image/", "a data: URL as text"),
    (_BLANKS + rb"(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR|PHN2Zy)", "base64 text"),
    (rb"BM.{8}", "a BMP picture"),
    (rb"II\*\x00|MM\x00\*", "a TIFF picture"),
    (rb"\x00\x00\x01\x00", "an icon file (ICO)"),
    (rb".{4}ftypavi", "an AVIF picture"),
    (rb".{4}ftyp(?:hei|mif)", "a HEIC picture"),
    (rb"8BPS", "a Photoshop file"),
    (rb"%PDF", "a PDF"),
    (rb"PK\x03\x04", "a zip"),
)
_PNG = b"\x89PNG\r\n\x1a\n"
_WEBP_HEADER = 30
_MOST_PIXELS = 89_478_485
"""Pillow's own limit for a picture that is no bomb: a quarter of a gigabyte at three bytes a pixel."""
_MOST_PARTS = 10_000
"""Parts before the pixels that Pillow is given to read, a microsecond each; cameras and editors write some dozens."""
_MOST_BLOCKS = 400_000
"""Parts of the whole file that are walked over; 50 MB of GIF, the most that is read, have 200,000 full blocks."""


_FAULTS = {
    "empty": "an empty file",
    "truncated": "truncated: the picture has no end",
    "broken": "damaged: its header cannot be read",
    "bomb": "its header claims more pixels than any screen has (a decompression bomb)",
}


def fault_words(image: Image) -> str:
    """Say what is wrong with the bytes of a picture that has a ``fault``."""
    return f"not a picture but {image.detail}" if image.fault == "fake" else _FAULTS[image.fault]


@lru_cache(maxsize=REMEMBERED)
def load_image(path: str, data: bytes) -> Image:
    """Read format and size (pixels) of a picture from its bytes, whatever its name says.

    Never raises: what is no picture has ``format`` empty and ``fault`` set. Source of the reading: Pillow's header
    parsers for PNG, JPEG and GIF, RFC 9649 for WebP; SVG is text and has no pixel size here (width and height are 0).
    """
    size = len(data)
    if not data:
        return Image(path, 0, "", 0, 0, "empty")
    name = _magic(data)
    if name == "WEBP":
        return _load_webp(path, data)
    if name:
        return _load_pixels(path, name, data)
    head = data[:_SNIFF]
    if _MARKUP.match(head) and not _HTML.match(head) and _SVG.search(head):
        return Image(path, size, "SVG", 0, 0, "" if _SVG_END.search(data) else "truncated")
    return Image(path, size, "", 0, 0, "fake", _what(head))


def _magic(data: bytes) -> str:
    """Name the format that the first bytes claim."""
    if data.startswith(b"\x89PNG"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"RIFF") and b"WEBP".startswith(data[8:12]):
        return "WEBP"
    return "GIF" if data.startswith(b"GIF8") else ""


def _what(head: bytes) -> str:
    """Say what the bytes are that are no picture, in words that follow ``not a picture but``."""
    if _HTML.match(head):
        return "an HTML page"
    what = next((words for pattern, words in _OTHERS if re.match(pattern, head, re.DOTALL)), "")
    return what or ("text" if head.isascii() and b"\0" not in head else "other data")


def _load_pixels(path: str, name: str, data: bytes) -> Image:
    from PIL import Image as Pillow

    size, walk = len(data), _WALKS[name](data)
    if walk.heavy:
        return Image(path, size, name, 0, 0, "broken")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata: nobody could act on it
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            with Pillow.open(io.BytesIO(data), formats=(name,)) as picture:
                width, height = picture.size
                traits = frozenset({"CMYK"} if picture.mode == "CMYK" else ())
        except (Pillow.DecompressionBombWarning, Pillow.DecompressionBombError):
            return Image(path, size, name, 0, 0, "bomb")
        except Exception:  # noqa: BLE001  # a header parser may raise anything on hostile bytes; the fact is the same
            cut = not walk.ends and (name != "PNG" or _PNG.startswith(data[: len(_PNG)]))
            return Image(path, size, name, 0, 0, "truncated" if cut else "broken")
    if walk.moves:
        traits |= {"animated"}
    return Image(path, size, name, width, height, "" if walk.ends else "truncated", traits=traits)


def _load_webp(path: str, data: bytes) -> Image:
    """Read a WebP's header; Pillow's parser would reserve memory for all its pixels."""
    size = len(data)
    width, height = _webp_size(data[12:16], data[20:_WEBP_HEADER])
    if size < _WEBP_HEADER:
        fault = "truncated"
    elif not width * height:
        fault = "broken"
    elif width * height > _MOST_PIXELS:
        fault = "bomb"
    else:
        fault = "" if int.from_bytes(data[4:8], "little") + 8 <= size else "truncated"
        moves = data[12:16] == b"VP8X" and bool(data[20] & 2)  # RFC 9649, 2.7: the flag A
        return Image(path, size, "WEBP", width, height, fault, traits=frozenset({"animated"} if moves else ()))
    return Image(path, size, "WEBP", 0, 0, fault)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Return width and height of the canvas (RFC 9649, 2.5 to 2.7); (0, 0) for what is none."""
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L" and body.startswith(b"\x2f"):
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0


class _Walk(NamedTuple):
    """What a walk over the parts of a file brings up."""

    ends: bool = False
    """Whether the file has its end; a walk that is given up takes it for granted."""
    moves: bool = False
    heavy: bool = False
    """Whether more than `_MOST_PARTS` parts stand before the pixels."""


def _walk_png(data: bytes) -> _Walk:
    """Walk from chunk to chunk up to IEND (PNG specification, section 5.3); an animation is announced before the pixels."""
    at, moves, pixels = len(_PNG), False, False
    for parts in range(_MOST_BLOCKS):
        if at + 12 > len(data):
            return _Walk(moves=moves)
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        pixels = pixels or kind == b"IDAT"
        if parts > _MOST_PARTS and not pixels:
            return _Walk(heavy=True)
        if kind == b"acTL" and not pixels:
            moves = int.from_bytes(data[at + 8 : at + 12]) > 1
        at += 12 + length
        if kind == b"IEND":
            return _Walk(at <= len(data), moves)
    return _Walk(ends=True, moves=moves)


def _walk_jpeg(data: bytes) -> _Walk:
    """Walk from segment to segment to the first scan, past thumbnails with end marks of their own (ITU T.81, B.1)."""
    at = 2
    for _ in range(_MOST_PARTS):
        if at + 4 > len(data) or data[at] != 0xFF:  # noqa: PLR2004
            return _Walk()
        kind = data[at + 1]
        if kind == 0xDA:  # noqa: PLR2004  # pixels follow, in which FF is never followed by D9
            return _Walk(data.find(b"\xff\xd9", at) >= 0)
        # FF is a fill byte.
        at += 1 if kind == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])  # noqa: PLR2004
    return _Walk(heavy=True)


def _walk_gif(data: bytes) -> _Walk:
    """Walk from block to block up to the trailer (GIF89a specification, appendix A), counting the frames."""
    at, frames, blocks = 13 + _colours(data[10:11]), 0, 0
    while at < len(data) and data[at] in b"\x00\x21\x2c" and blocks < _MOST_BLOCKS:
        if data[at] == 0x2C:  # noqa: PLR2004  # a picture: its descriptor, colours, and the size of its codes
            frames += 1
            at += 11 + _colours(data[at + 9 : at + 10])
        else:
            at += 2 if data[at] else 0
        while at < len(data) and data[at] and blocks < _MOST_BLOCKS:
            at += data[at] + 1
            blocks += 1
        at += 1
        blocks += 1
        if blocks > _MOST_PARTS and not frames:
            return _Walk(heavy=True)
    return _Walk(blocks >= _MOST_BLOCKS or data[at : at + 1] == b";", frames > 1)


def _colours(flags: bytes) -> int:
    """Return the bytes of the colour table that a descriptor's flags announce."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


_WALKS = {"PNG": _walk_png, "JPEG": _walk_jpeg, "GIF": _walk_gif}

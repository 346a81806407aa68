"""Where the picture stands on a logo, on what ground, and as which bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal, NamedTuple

from widgetpack.errors import UsageError
from widgetpack.logos.art import Art, Cut
from widgetpack.platform import FORM_ICON, MAX_IMAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

Fit = Literal["contain", "cover"]
Colour = tuple[int, int, int, int]
"""Red, green, blue and alpha, 0 to 255."""
Size = tuple[int, int]

PADDING = 100 * 10 / min(FORM_ICON)
"""Percent of a logo's shorter side: 10 pixels on 400x272 (getting-listed asks for these margins), 3 on 84x84."""

_TRANSPARENT: Colour = (0, 0, 0, 0)
_WHITE: Colour = (255, 255, 255, 255)
_SAME = 24
"""Sum of the differences of red, green and blue up to which two corners count as one colour: a JPEG's noise."""
_PROBE = 200
"""Pixels of the longer side of the drawing that tells whether a vector picture fills its ground."""


class Look(NamedTuple):
    """What the user chose."""

    fit: Fit = "contain"
    padding: float | None = None
    """Percent of the shorter side; None: `PADDING` for ``contain``, nothing for ``cover``, which is to fill the logo."""
    background: str = "auto"
    """``auto``, ``transparent``, or a colour as CSS writes it."""

    def room(self, size: Size) -> Size:
        """Return the pixels between the margins."""
        padding = (PADDING if self.fit == "contain" else 0) if self.padding is None else self.padding
        margin = round(min(size) * padding / 100)
        return size[0] - 2 * margin, size[1] - 2 * margin

    def cut(self, art: Art, size: Size) -> Cut:
        """Return which part of ``art`` is drawn, and how large, on a logo of ``size`` pixels."""
        room, (width, height) = self.room(size), art.size
        if self.fit == "cover":
            scale = max(room[0] / width, room[1] / height)
            left, top = (width - room[0] / scale) / 2, (height - room[1] / scale) / 2
            return Cut((max(left, 0), max(top, 0), min(width - left, width), min(height - top, height)), room)
        scale = min(room[0] / width, room[1] / height)
        return Cut((0, 0, width, height), (_centred(width * scale, room[0]), _centred(height * scale, room[1])))

    def enlarges(self, art: Art, size: Size) -> bool:
        """Tell whether ``art`` has fewer pixels than it fills on a logo of ``size``."""
        left, top, right, bottom = self.cut(art, size).region
        drawn = self.cut(art, size).size
        return art.has_pixels and (drawn[0] > right - left + 1 or drawn[1] > bottom - top + 1)


def _centred(length: float, room: int) -> int:
    """Round to pixels so that both margins are whole and equal."""
    return max(room - 2 * round((room - length) / 2), 2 - room % 2)


def draw_logos(art: Art, look: Look, ground: Colour, sizes: Sequence[Size]) -> list[Image]:
    """Return a logo for each size (pixels): ``RGBA`` where something shines through, else ``RGB``.

    Raises `UsageError` where there is nothing to see.
    """
    drawn = art.draw([look.cut(art, size) for size in sizes])
    if all(picture.getchannel("A").getbbox() is None for picture in drawn):
        raise UsageError("the picture shows nothing: every pixel is transparent", "name another picture")
    return [_on_ground(picture, size, ground) for picture, size in zip(drawn, sizes, strict=True)]


def _on_ground(picture: Image, size: Size, ground: Colour) -> Image:
    from PIL import Image as Pillow

    canvas = Pillow.new("RGBA", size, ground)
    offset = ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2)
    if ground[3]:
        canvas.alpha_composite(picture, offset)
    else:
        canvas.paste(picture, offset)
    return canvas if _shines_through(canvas) else canvas.convert("RGB")


class Ground(NamedTuple):
    """What stands around the picture."""

    colour: Colour
    is_guess: bool = False
    """Whether the corners of the picture disagree about it, as in a photo."""


def choose_ground(art: Art, background: str) -> Ground:
    """Turn the user's word into a colour: see `Look.background`."""
    if background == "transparent":
        return Ground(_TRANSPARENT)
    if background != "auto":
        return Ground(load_colour(background))
    width, height = art.size
    scale = 1 if art.has_pixels else _PROBE / max(width, height)
    probe = Cut((0, 0, width, height), (max(round(width * scale), 1), max(round(height * scale), 1)))
    (picture,) = art.draw([probe])
    return Ground(_TRANSPARENT) if _shines_through(picture) else _corner(picture)


def load_colour(text: str) -> Colour:
    """Read a colour: a name, ``#153043``, ``#153043cc``, ``rgb(21, 48, 67)``, ``hsl(206, 52%, 17%)``."""
    from PIL import ImageColor

    try:
        red, green, blue, *alpha = ImageColor.getrgb(text)
    except ValueError:
        message = f"`{text}` is no colour"
        raise UsageError(message, "--background '#153043', white, transparent or auto") from None
    level = alpha[0] if alpha else 255
    if not all(0 <= part <= 255 for part in (red, green, blue, level)):  # noqa: PLR2004  # Pillow takes rgb(300, 0, 0)
        message = f"`{text}` is no colour: each part is 0 to 255"
        raise UsageError(message, "--background '#153043', white, transparent or auto")
    return red, green, blue, level


def _shines_through(picture: Image) -> bool:
    lowest = picture.getchannel("A").getextrema()[0]
    return isinstance(lowest, (int, float)) and lowest < 255  # noqa: PLR2004


def _corner(picture: Image) -> Ground:
    """Take the corner whose colour is nearest to all four: one odd corner changes nothing."""
    width, height = picture.size
    patch = max(min(width, height) // 50, 1)  # averaged: a JPEG's corner pixel is as noisy as any
    places = [(x, y) for x in (0, width - patch) for y in (0, height - patch)]
    corners = [_mean(picture.crop((x, y, x + patch, y + patch))) for x, y in places]
    colour = min(corners, key=lambda one: sum(_distance(one, other) for other in corners))
    agreeing = sum(_distance(colour, other) <= _SAME for other in corners)
    return Ground(colour, is_guess=agreeing < len(corners) - 1)


def _distance(one: Colour, other: Colour) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _mean(patch: Image) -> Colour:
    from PIL import ImageStat

    red, green, blue, _ = (round(level) for level in ImageStat.Stat(patch).mean)
    return red, green, blue, 255


def encode(image: Image, ending: str = "png", limit: int = MAX_IMAGE_BYTES) -> bytes:
    """Return the file: ``png``, or for the form's icon ``jpg``, ``jpeg`` or ``gif``.

    A PNG of more than ``limit`` bytes gets 256 colours. That is always enough: the largest logo then has 109 KB of
    pixels before any compression, the platform takes 300 KB.
    """
    if ending in {"jpg", "jpeg"}:
        flat = _on_ground(image.convert("RGBA"), image.size, _WHITE)  # JPEG has no alpha
        return _saved(flat, "JPEG", quality=92, subsampling=0, optimize=True)
    if ending == "gif":
        return _saved(image, "GIF")
    data = _saved(image, "PNG", optimize=True)
    return data if len(data) <= limit else _saved(_few_colours(image), "PNG", optimize=True)


def _few_colours(image: Image) -> Image:
    from PIL.Image import Quantize

    return image.quantize(256, Quantize.FASTOCTREE if image.mode == "RGBA" else Quantize.MEDIANCUT)


def _saved(image: Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()

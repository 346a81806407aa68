"""All logos in one picture, at their real size, on the two grounds that the marketplace names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

_GROUNDS = (("#FFFFFF", "#5A6B78", "#D5DCE1"), ("#153043", "#A9BBC8", "#2F4E63"))
"""Light and dark ground (getting-listed, contrast of the icon), and on each the colour of words and of outlines."""
_GAP = 24
_LABEL = 24
_LETTERS = 13
"""Pixels: of the space between logos, of a line below each, and of its letters."""


class Shown(NamedTuple):
    """A logo and what is written below it."""

    label: str
    image: Image


def draw_preview(shown: Sequence[Shown]) -> Image:
    """Return an ``RGB`` picture: the light half on the left, the dark one on the right."""
    from PIL import Image as Pillow

    shown = sorted(shown, key=lambda item: -item.image.height)
    places, size = _arrange(shown)
    picture = Pillow.new("RGB", (size[0] * len(_GROUNDS), size[1]))
    for index, (ground, words, outline) in enumerate(_GROUNDS):
        half = Pillow.new("RGBA", size, ground)
        _draw_half(half, list(zip(shown, places, strict=True)), words, outline)
        picture.paste(half.convert("RGB"), (index * size[0], 0))
    return picture


def _arrange(shown: Sequence[Shown]) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Fill rows; return the places and the size of it all."""
    font = _font()
    room = 2 * max(item.image.width for item in shown) + 4 * _GAP  # the five small logos fit below the two large ones
    places, left, top, row, widest = [], 0, 0, 0, 0
    for item in shown:
        width = max(item.image.width, round(font.getlength(item.label)))
        if left and left + width > room:
            left, top, row = 0, top + row + _LABEL + _GAP, 0
        places.append((_GAP + left, _GAP + top))
        left, row = left + width + _GAP, max(row, item.image.height)
        widest = max(widest, left - _GAP)
    return places, (widest + 2 * _GAP, top + row + _LABEL + 2 * _GAP)


def _draw_half(half: Image, items: Sequence[tuple[Shown, tuple[int, int]]], words: str, outline: str) -> None:
    from PIL import ImageDraw

    pen, font = ImageDraw.Draw(half), _font()
    for item, (left, top) in items:
        image = item.image.convert("RGBA")
        # The outline stands outside of the logo: it covers none of its pixels.
        pen.rectangle((left - 1, top - 1, left + image.width, top + image.height), outline=outline)
        half.alpha_composite(image, (left, top))
        pen.text((left, top + image.height + 6), item.label, fill=words, font=font)


def _font() -> ImageFont | FreeTypeFont:
    from PIL import ImageFont as Fonts

    return Fonts.load_default(_LETTERS)

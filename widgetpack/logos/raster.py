"""From the bytes of a PNG, JPEG, GIF or WebP to upright sRGB pixels with alpha."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from widgetpack.logos.art import Cut

_DRAFT = (1600, 1600)
"""A JPEG is decoded at a half, a quarter or an eighth where that leaves both sides at least this large: four times the
largest logo, so that the reduction by LANCZOS still sees more than it needs."""

_BLACK_POINT = 0x2000
"""littleCMS's flag for black point compensation; Pillow has a name for it only since 10.3."""
_UNUSABLE_PROFILE = "its colour profile cannot be used; its colours are taken as sRGB"


class Raster(NamedTuple):
    """A picture made of pixels."""

    image: Image
    """``RGBA``, upright, in sRGB."""
    notes: tuple[str, ...] = ()
    has_pixels: bool = True

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        return self.image.size

    def draw(self, cuts: Sequence[Cut]) -> list[Image]:
        """Return each cut, reduced by LANCZOS on colours that Pillow premultiplies: no fringe around soft edges."""
        from PIL.Image import Resampling

        return [self.image.resize(cut.size, Resampling.LANCZOS, cut.region) for cut in cuts]


def load_raster(path: str, data: bytes, kind: str) -> Raster:
    """Decode the first frame of ``data``, a ``PNG``, ``JPEG``, ``GIF`` or ``WEBP`` as ``kind`` says.

    Raises `UsageError` for what cannot be decoded to its end.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata: nobody could act on it
            with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
                picture.draft(None, _DRAFT)  # does something for JPEG only
                picture.load()
                upright = _upright(picture, ImageOps.exif_transpose)
                image, notes = _true_colours(upright, picture.info.get("icc_profile"))
    except Exception as error:  # noqa: BLE001  # a decoder may raise anything on hostile bytes
        reason = "memory is short" if isinstance(error, MemoryError) else (str(error) or type(error).__name__)
        message = f"{path}: a {kind} that cannot be decoded: {reason.splitlines()[0]}"
        raise UsageError(message, "export the picture again") from None
    return Raster(image, notes)


def _upright(picture: Image, transpose: object) -> Image:
    """Turn the picture as its EXIF data asks; where they are damaged it stays as it is, as in browsers."""
    try:
        turned = transpose(picture) if callable(transpose) else None
    except Exception:  # noqa: BLE001  # a parser of metadata may raise anything on hostile bytes
        turned = None
    return picture if turned is None else turned


def _true_colours(image: Image, profile: object) -> tuple[Image, tuple[str, ...]]:
    """Return ``RGBA`` in sRGB, and what could not be done."""
    image = _eight_bits(image)
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
    base = image.convert(image.mode[:-1]) if alpha is not None else image
    colours = _in_srgb(base, profile) if isinstance(profile, bytes) and profile else base.convert("RGB")
    notes = () if colours is not None else (_UNUSABLE_PROFILE,)
    result = (colours or base).convert("RGB").convert("RGBA")
    if alpha is not None:
        result.putalpha(alpha)
    result.info.clear()  # or the old profile would be written into the logos
    return result, notes


def _eight_bits(image: Image) -> Image:
    """Turn one and sixteen bits a pixel into eight; Pillow's own way from sixteen differs between its releases."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L")
    return image


def _in_srgb(base: Image, profile: bytes) -> Image | None:
    """Convert ``base`` (``L``, ``RGB`` or ``CMYK``) from its profile to sRGB, or return None where that fails."""
    try:
        from PIL import ImageCms

        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source) and base.mode == "RGB":
            return base  # converting sRGB to sRGB would move flat colours by a step
        return ImageCms.profileToProfile(
            base,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=_BLACK_POINT,  # type: ignore[arg-type]  # the stubs of Pillow know the name only
        )
    except Exception:  # noqa: BLE001  # hostile profiles, a Pillow without littleCMS: the cure is the same
        return None

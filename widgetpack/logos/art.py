"""What all sources of a logo have in common, drawn from pixels or from vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

Region = tuple[float, float, float, float]
"""Left, top, right and bottom, in the units of the source."""


class Cut(NamedTuple):
    """A part of the source, and the pixels that it becomes."""

    region: Region
    size: tuple[int, int]


class Art(Protocol):
    """A source that can be drawn at any size."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height: pixels, or the units of a vector picture."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the source, in words that follow its path."""

    @property
    def has_pixels(self) -> bool:
        """Whether drawing it larger than `size` blurs it."""

    def draw(self, cuts: Sequence[Cut]) -> list[Image]:
        """Return each cut as an ``RGBA`` picture of sRGB colours."""

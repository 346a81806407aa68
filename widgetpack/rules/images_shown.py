"""I: how the logos and the tour's pictures look: whether they move, their colours, and what a listing asks of a tour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import Image, Place, Problem
from widgetpack.platform import SLOTS, TOUR_SIZE
from widgetpack.rules.base import moderated, rule
from widgetpack.widget import Widget, file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMAGES = "developers.kommo.com/docs/images"
_LISTED = "developers.kommo.com/docs/getting-listed"
_TOUR_FORMATS = ("PNG", "JPEG")


def _tour(widget: Widget) -> Iterator[Image]:
    """Yield the pictures of the tour, each once."""
    paths = (file_of(path) for pointer, path in widget.named_files() if pointer[0] == "tour")
    for path in dict.fromkeys(paths):
        image = widget.images.get(path)
        if image is not None and path in widget.tree.files and not image.fault:
            yield image


def _shown(widget: Widget) -> Iterator[Image]:
    """Yield the logos and the tour's pictures, each once."""
    logos = {f"images/{slot.name}" for slot in SLOTS}
    tour = {image.path for image in _tour(widget)}
    for path, image in widget.images.items():
        if path in widget.tree.files and (path in tour or path.rpartition(".")[0] in logos):
            yield image


@rule("I09", Widget, "warning", source=_IMAGES + " (PNG); getting-listed (PNG or JPG)")
def animated(widget: Widget) -> Iterator[Problem]:
    """A logo or a picture of the tour is animated.

    The platform documents still pictures only: PNG for logos, PNG or JPG for the tour.

    Fix: export the first frame.

    Wrong: an `images/logo.png` that is an APNG of 12 frames
    Right: an `images/logo.png` of one frame
    """
    for image in _shown(widget):
        if "animated" in image.traits:
            yield Problem(f"an animated {image.format}", Place(image.path))


@rule(
    "I10",
    Widget,
    "warning",
    source="ITU T.81 names no colours for four channels; none of 63 public widgets has such a picture",
)
def colours_of_print(widget: Widget) -> Iterator[Problem]:
    """A logo or a picture of the tour is a JPEG in the four colours of print (CMYK).

    Each browser turns them into colours of a screen in its own way.

    Fix: export it in RGB.

    Wrong: an `images/tour_1_en.jpg` in CMYK
    Right: an `images/tour_1_en.jpg` in RGB
    """
    for image in _shown(widget):
        if "CMYK" in image.traits:
            yield Problem("CMYK, the colours of print, not RGB", Place(image.path))


@rule("I11", Widget, "warning", source=_LISTED + " (1188x616)")
def wrong_tour_size(widget: Widget) -> Iterator[Problem]:
    """A picture of a public widget's tour does not have 1188x616 pixels.

    The checklist of the listing asks for that size; private widgets are not judged.

    Fix: export it in that size.

    Wrong: a tour with `/images/logo_main.png` in a public listing
    Right: a tour with an `/images/tour_1_en.png` of 1188x616 pixels in a public listing
    """
    if widget.config.audience != "public":
        return
    for image in _tour(widget):
        if image.width and (image.width, image.height) not in {TOUR_SIZE, (1, 1)}:
            yield Problem(f"{image.width}x{image.height}, not {TOUR_SIZE[0]}x{TOUR_SIZE[1]}", Place(image.path))


@rule("I12", Widget, moderated, source=_LISTED + ", widgets-tutorial (PNG or JPG)")
def wrong_tour_format(widget: Widget) -> Iterator[Problem]:
    """A picture of the tour is neither PNG nor JPEG, or the pictures are of both formats.

    The checklist knows these two. A mixture is no more than an info.

    Fix: export all of them as PNG, or all as JPEG.

    Wrong: a tour of `tour_1_en.gif` and `tour_2_en.webp`
    Right: a tour of `tour_1_en.png` and `tour_2_en.png`
    """
    good = []
    for image in _tour(widget):
        if image.format in _TOUR_FORMATS:
            good.append(image)
        else:
            yield Problem(f"{image.format}, not PNG or JPEG", Place(image.path))
    for image in good[1:]:
        if image.format != good[0].format:
            yield Problem(f"{image.format}, while {good[0].path} is {good[0].format}", Place(image.path), "info")

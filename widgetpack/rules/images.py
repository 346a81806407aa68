"""I: the logos, the tour's pictures and every other picture below ``images/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack.model import Image, Place, Problem, Severity
from widgetpack.platform import IMAGE_ENDINGS, LOGO_ENDINGS, MAX_IMAGE_BYTES, SLOTS, TWO_WAY_AREAS, Slot
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMAGES = "developers.kommo.com/docs/images"

_FAULTS = {
    "empty": "an empty file",
    "truncated": "truncated: the picture has no end",
    "broken": "damaged: its header cannot be read",
    "bomb": "its header claims more pixels than any screen has (a decompression bomb)",
}


def _slots(widget: Widget) -> Iterator[Slot]:
    """Yield the slots that this widget must fill."""
    yield from (slot for slot in SLOTS if not slot.location or slot.location in widget.locations)


def _in_slot(widget: Widget, slot: Slot) -> Iterator[Image]:
    """Yield the pictures that stand in a slot, whatever their ending."""
    for ending in LOGO_ENDINGS["amocrm"]:
        image = widget.images.get(f"images/{slot.name}.{ending}")
        if image is not None and image.path in widget.tree.files:
            yield image


@rule("I01", Widget, source=_IMAGES + "; upload answers with a system error (widgets-tutorial)")
def missing_logo(widget: Widget) -> Iterator[Problem]:
    """A logo is absent.

    The widget's row in the panel stays blank, or the upload answers "system error". A warning in private widgets for
    `logo_medium` and `logo_min` without a card or list, and for `logo_dp`: such widgets are known to run.

    Fix: add the PNG of the size that the message names to `images/`.
    """
    if widget.manifest is None:
        return
    for slot in _slots(widget):
        if not any(_in_slot(widget, slot)):
            name = f"images/{slot.name}.png"
            weight: Severity | None = "warning" if _lives_without(widget, slot) else None
            message = f"no {name} ({slot.width}x{slot.height})"
            if slot.location:
                index = _index(widget.get("locations"), slot.location)
                message += f", which the location `{slot.location}` needs"
                yield Problem(message, Place(MANIFEST, ("locations", index)), weight)
            else:
                yield Problem(message + _other_case(widget, name), Place(""), weight)


def _lives_without(widget: Widget, slot: Slot) -> bool:
    in_panel = any(location.partition("-")[0] in TWO_WAY_AREAS for location in widget.locations)
    needed = slot.name not in {"logo_medium", "logo_min", "logo_dp"} or (in_panel and not slot.location)
    return not needed and widget.config.audience == "private"


def _index(raw: Any, item: str) -> int:
    return raw.index(item) if isinstance(raw, list) else 0


def _other_case(widget: Widget, name: str) -> str:
    if reason := widget.left_out(name):
        return f" (left out: {reason})"
    same = [path for path in widget.tree.files if path.lower() == name]
    return f", only {same[0]}: case matters" if same else ""


@rule("I02", Widget, source=_IMAGES + '; upload refused with "must have resolution 130x100px" (2026-08)')
def wrong_size(widget: Widget) -> Iterator[Problem]:
    """A logo does not have the exact pixel size of its slot.

    The upload answers "Logo file for logo must have resolution 130x100px", one logo at a time.

    Fix: export the picture at the size of its slot.
    """
    for slot in SLOTS:
        for image in _in_slot(widget, slot):
            if image.width and (image.width, image.height) != (slot.width, slot.height):
                fits = next(
                    (item.name for item in SLOTS if (item.width, item.height) == (image.width, image.height)), ""
                )
                hint = f"; it would fit {fits}" if fits else ""
                message = f"{image.width}x{image.height}, not {slot.width}x{slot.height}{hint}"
                yield Problem(message, Place(image.path))


@rule("I03", Widget, source=_IMAGES + " (PNG); amocrm.ru structure page (png, jpg, jpeg, gif)")
def wrong_logo_format(widget: Widget) -> Iterator[Problem]:
    """A logo's file name has an ending that the platform does not look for.

    Fix: save the logo as PNG.
    """
    allowed = LOGO_ENDINGS[widget.target]
    for slot in SLOTS:
        for image in _in_slot(widget, slot):
            ending = image.path.rpartition(".")[2]
            if ending not in allowed:
                yield Problem(f".{ending}, not .{' or .'.join(allowed)}", Place(image.path))


@rule("I04", Image, source=_IMAGES + "; survey: 4 widgets with JPEG data in a file named .png")
def format_not_as_named(image: Image) -> Iterator[Problem]:
    """A picture's bytes are of another format than its name says.

    The platform and browsers may refuse it. Only a warning where the picture is no logo.

    Fix: export it again in the format of its name; renaming the file converts nothing.
    """
    named = IMAGE_ENDINGS[image.path.lower().rpartition(".")[2]]
    if image.path.startswith("images/") and image.format and image.format != named:
        is_logo = image.path.rpartition("/")[2].partition(".")[0] in {slot.name for slot in SLOTS}
        message = f"{image.format} data in a file named .{image.path.rpartition('.')[2]}"
        yield Problem(message, Place(image.path), None if is_logo else "warning")


@rule("I05", Image, source=_IMAGES + " (at most 300 KB each)")
def too_large(image: Image) -> Iterator[Problem]:
    """A picture below `images/` is larger than 300 KB.

    Fix: save it with fewer colours or as an optimised PNG.
    """
    if image.path.startswith("images/") and image.size > MAX_IMAGE_BYTES:
        yield Problem(f"{image.size / 1024:.0f} KB, more than {MAX_IMAGE_BYTES // 1024} KB", Place(image.path))


@rule("I06", Image, source="survey: base64 text and other stand-ins named .png or .jpg")
def not_a_picture(image: Image) -> Iterator[Problem]:
    """A file with the name of a picture is none, or is damaged.

    Fix: export the picture again.
    """
    if not image.path.startswith("images/"):
        return
    if image.fault == "fake":
        yield Problem(f"not a picture but {image.detail}", Place(image.path))
    elif image.fault:
        yield Problem(_FAULTS[image.fault], Place(image.path))

"""I: the logos, the tour's pictures and every other picture below ``images/``."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from widgetpack.images import fault_words
from widgetpack.model import Image, Place, Problem, Severity
from widgetpack.platform import IMAGE_ENDINGS, LOGO_ENDINGS, MAX_IMAGE_BYTES, SLOTS, TWO_WAY_AREAS, Slot
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, Widget, file_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_IMAGES = "developers.kommo.com/docs/images"


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

    Fix: add the PNG of the size that the message names to `images/`; `widgetpack logos` makes all of them from one picture.

    Wrong: a card widget without `images/logo_min.png`
    Right: a card widget with an `images/logo_min.png` of 84x84 pixels
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

    The upload answers "Logo file for logo must have resolution 130x100px", one logo at a time. A warning for a `logo_dp`
    that no location needs.

    Fix: export the picture at the size of its slot, or run `widgetpack logos`.

    Wrong: an `images/logo.png` of 140x80 pixels
    Right: an `images/logo.png` of 130x100 pixels
    """
    told = {image.path for pair in _swapped(widget) for image in pair}
    for slot in SLOTS:
        for image in _in_slot(widget, slot):
            if image.path in told or (image.width, image.height) in {(0, 0), (1, 1)}:
                continue
            if (image.width, image.height) != (slot.width, slot.height):
                fits = next(
                    (item.name for item in SLOTS if (item.width, item.height) == (image.width, image.height)), ""
                )
                hint = f"; it would fit {fits}" if fits else ""
                message = f"{image.width}x{image.height}, not {slot.width}x{slot.height}{hint}"
                idle = slot.location not in ("", *widget.locations)
                yield Problem(message, Place(image.path), "warning" if idle else None)


def _swapped(widget: Widget) -> Iterator[tuple[Image, Image]]:
    """Yield the pairs of logos of which each has the size of the other's slot."""
    for index, slot in enumerate(SLOTS):
        for other in SLOTS[:index]:
            for first, second in product(_in_slot(widget, other), _in_slot(widget, slot)):
                if first[3:5] == (slot.width, slot.height) and second[3:5] == (other.width, other.height):
                    yield first, second


@rule(
    "I07", Widget, source=_IMAGES + '; upload refused with "must have resolution 130x100px" (2026-08); survey: 1 widget'
)
def swapped_logos(widget: Widget) -> Iterator[Problem]:
    """Two logos lie in each other's place.

    Each has exactly the size of the other one; the upload refuses both.

    Fix: swap the names of the two files.

    Wrong: a `logo_main.png` of 174x109 pixels and a `logo_dp.png` of 400x272 pixels
    Right: a `logo_main.png` of 400x272 pixels and a `logo_dp.png` of 174x109 pixels
    """
    for first, second in _swapped(widget):
        message = f"{first.width}x{first.height}, the size of {second.path}, which has this one's: swap the two"
        yield Problem(message, Place(first.path), related=((Place(second.path), "the other one"),))


@rule("I03", Widget, source=_IMAGES + " (PNG); amocrm.ru structure page (png, jpg, jpeg, gif)")
def wrong_logo_format(widget: Widget) -> Iterator[Problem]:
    """A logo's file name has an ending that the platform does not look for.

    Fix: save the logo as PNG.

    Wrong: `images/logo.jpg` in a Kommo widget
    Right: `images/logo.png` in a Kommo widget
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

    Wrong: a JPEG that was renamed to `logo.png`
    Right: a PNG that is named `logo.png`
    """
    named = IMAGE_ENDINGS[image.path.lower().rpartition(".")[2]]
    if image.path.startswith("images/") and image.format and image.format != named:
        is_logo = image.path.rpartition("/")[2].partition(".")[0] in {slot.name for slot in SLOTS}
        message = f"{image.format} data in a file named .{image.path.rpartition('.')[2]}"
        yield Problem(message, Place(image.path), None if is_logo else "warning")


@rule("I05", Widget, source=_IMAGES + " (at most 300 KB each)")
def too_large(widget: Widget) -> Iterator[Problem]:
    """A picture below `images/` is larger than 300 KB.

    The limit is known of logos and pictures of the tour; of others it is a warning.

    Fix: save it with fewer colours or as an optimised PNG.

    Wrong: an `images/tour_1_en.png` of 800 KB
    Right: an `images/tour_1_en.png` of 120 KB
    """
    for image, weight in _pictures(widget):
        if image.size > MAX_IMAGE_BYTES:
            message = f"{image.size / 1024:.0f} KB, more than {MAX_IMAGE_BYTES // 1024} KB"
            yield Problem(message, Place(image.path), weight)


@rule("I06", Widget, source="survey: base64 text and other stand-ins named .png or .jpg")
def not_a_picture(widget: Widget) -> Iterator[Problem]:
    """A file with the name of a picture is none, or is damaged.

    Only a warning where the picture is neither a logo nor one of the tour.

    Fix: export the picture again.

    Wrong: an `images/logo.png` that holds the text `iVBORw0KGgo...`
    Right: an `images/logo.png` that starts with the bytes 89 50 4E 47
    """
    for image, weight in _pictures(widget):
        if image.fault:
            yield Problem(fault_words(image), Place(image.path), weight)


def _pictures(widget: Widget) -> Iterator[tuple[Image, Severity | None]]:
    """Yield the pictures below ``images/``, with a milder severity for what the platform itself never shows."""
    logos = {image.path for slot in SLOTS for image in _in_slot(widget, slot)}
    tour = {file_of(path) for pointer, path in widget.named_files() if pointer[0] == "tour"}
    for image in widget.images.values():
        if image.path.startswith("images/"):
            yield image, None if image.path in logos | tour else "warning"


@rule(
    "I08",
    Widget,
    source='survey: a whole set of 1x1 pictures in one widget; upload refused with "must have resolution" (2026-08)',
)
def stand_in(widget: Widget) -> Iterator[Problem]:
    """A picture that the platform shows has a single pixel.

    It is a stand-in that nobody replaced. A warning where it is no logo.

    Fix: put the real picture in its place.

    Wrong: an `images/logo.png` of 1x1 pixel
    Right: an `images/logo.png` of 130x100 pixels
    """
    slots = {image.path: slot for slot in SLOTS for image in _in_slot(widget, slot)}
    named = {file_of(path) for _, path in widget.named_files()}
    for path, image in widget.images.items():
        if (image.width, image.height) == (1, 1) and (path in slots or path in named):
            wanted = f", not {slots[path].width}x{slots[path].height}" if path in slots else ""
            yield Problem(f"1x1{wanted}: a stand-in", Place(path), None if wanted else "warning")

"""The straight line: read, plan, draw, encode, write."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from widgetpack.logos.compose import Ground, Look, choose_ground, draw_logos, encode, load_colour
from widgetpack.logos.plan import plan_targets
from widgetpack.logos.save import refuse_existing, write_all
from widgetpack.logos.source import read_art

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from widgetpack.logos.art import Art
    from widgetpack.logos.plan import Target


class Made(NamedTuple):
    """A file that was written."""

    path: Path
    width: int
    height: int
    """Both in pixels."""
    size: int
    """Bytes."""


class Logos(NamedTuple):
    """What a run made, and what the user should know of it."""

    made: tuple[Made, ...]
    notes: tuple[str, ...]


class Wish(NamedTuple):
    """What a run is to make."""

    folder: Path | None = None
    names: Sequence[str] = ()
    """Of `widgetpack.logos.plan.NAMES`; none means all."""
    preview: Path | None = None
    force: bool = False


def make_logos(picture: Path, wish: Wish, look: Look) -> Logos:
    """Make the logos that ``wish`` names from ``picture``, all or none.

    Raises `UsageError` for what cannot be used and for files that are there already, `WriteError` where writing fails.
    """
    if look.background not in {"auto", "transparent"}:
        load_colour(look.background)  # a slip of the hand is told before a large picture is read
    targets = plan_targets(wish.folder, wish.names)
    paths = [target.path for target in targets] + ([wish.preview] if wish.preview else [])
    refuse_existing(paths, force=wish.force)
    art = read_art(picture)
    ground = choose_ground(art, look.background)
    images = draw_logos(art, look, ground.colour, [target.size for target in targets])
    files = {
        target.path: encode(image, target.path.suffix.lower().lstrip("."))
        for target, image in zip(targets, images, strict=True)
    }
    sizes = [image.size for image in images]
    if wish.preview:
        from widgetpack.logos.preview import Shown, draw_preview

        shown = [
            Shown(f"{target.name}  {target.size[0]}x{target.size[1]}", image)
            for target, image in zip(targets, images, strict=True)
        ]
        sheet = draw_preview(shown)
        files[wish.preview] = encode(sheet, limit=sheet.width * sheet.height * 4)
        sizes.append(sheet.size)
    write_all(files)
    made = tuple(Made(path, *size, len(data)) for (path, data), size in zip(files.items(), sizes, strict=True))
    notes = [f"{picture}: {note}" for note in _notes(art, look, ground, targets)]
    return Logos(made, (*notes, *(f"{item.path.as_posix()}: {item.note}" for item in targets if item.note)))


def _notes(art: Art, look: Look, ground: Ground, targets: Sequence[Target]) -> Iterator[str]:
    """Yield what the user should know, in words that follow the picture's path."""
    yield from art.notes
    blurred = [target.name for target in targets if look.enlarges(art, target.size)]
    if blurred:
        width, height = art.size
        yield f"{width:g}x{height:g} is smaller than its place on {', '.join(blurred)}: enlarged, thus blurred"
    if ground.is_guess and look.fit == "contain":
        yield "its corners differ, so the background is the colour of one; --fit cover needs none, --background names one"

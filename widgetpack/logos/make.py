"""The straight line: read, plan, draw, encode, write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.config.settings import read_config
from widgetpack.errors import UsageError
from widgetpack.files.selection import load_selection
from widgetpack.files.sources import find_root
from widgetpack.logos.compose import Ground, Look, choose_ground, draw_logos, encode, load_colour
from widgetpack.logos.plan import plan_targets
from widgetpack.logos.save import refuse_existing, write_all
from widgetpack.logos.source import read_art

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    _refuse_picture(picture, paths)
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
    notes += _shipped(wish.folder or Path(), [path for path in (picture, wish.preview) if path])
    return Logos(made, (*notes, *(f"{item.path.as_posix()}: {item.note}" for item in targets if item.note)))


def _refuse_picture(picture: Path, paths: Sequence[Path]) -> None:
    """Raise `UsageError` where the picture itself would be replaced: `--force` is about what was made of it."""
    for path in paths:
        # Both asked before: a name of either may be one that no file can have.
        if os.path.exists(picture) and os.path.exists(path) and os.path.samefile(picture, path):  # noqa: PTH110, PTH121
            message = f"{path.as_posix()}: the picture itself; it is left as it is"
            raise UsageError(message, "move the picture out of the way, or name another --preview, --slot or -o")


def _shipped(base: Path, paths: Sequence[Path]) -> Iterator[str]:
    """Yield a note for each file that the widget at ``base`` would take into its zip, though nobody there asks for it."""
    config = read_config(base)
    root = find_root(config)
    if root is None:
        return
    selection = load_selection(root, config)
    top = os.path.realpath(root).rstrip(os.sep) + os.sep
    for path in paths:
        real = os.path.realpath(path)
        if not real.startswith(top):
            continue
        inside = Path(real.removeprefix(top))
        for folder in reversed(inside.parents[:-1]):  # the outer ones first, as the walk over a widget asks
            selection.folder(folder.as_posix(), root / folder)
        if selection.file(inside.as_posix()).packed:
            yield f"{path.as_posix()}: lies in the widget and would ship; put it elsewhere or under `exclude`"


def _notes(art: Art, look: Look, ground: Ground, targets: Sequence[Target]) -> Iterator[str]:
    """Yield what the user should know, in words that follow the picture's path."""
    yield from art.notes
    blurred = [target.name for target in targets if look.enlarges(art, target.size)]
    if blurred:
        width, height = art.size
        yield f"{width:g}x{height:g} is smaller than its place on {', '.join(blurred)}: enlarged, thus blurred"
    if ground.is_guess and look.fit == "contain":
        yield "its corners differ, so the background is the colour of one; --fit cover needs none, --background names one"

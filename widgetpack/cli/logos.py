"""``widgetpack logos``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from widgetpack.cli.options import option
from widgetpack.errors import EXIT_CLEAN, UsageError
from widgetpack.exits import readable

SLOT_NAMES = ("logo_main", "logo_small", "logo", "logo_medium", "logo_min", "logo_dp", "icon")
"""`widgetpack.logos.plan.NAMES`, written out: `--help` then needs no import."""


@click.command(name="logos", short_help="Make all logos and the icon from one picture.")
@click.argument("picture", type=click.Path(path_type=Path))
@option(
    "-o",
    "--folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The widget's folder (default: the current one), or any other for the files alone.",
)
@option(
    "--slot",
    "slots",
    type=click.Choice(SLOT_NAMES),
    multiple=True,
    help="Make only this one; may be repeated. icon: the integration form's.",
)
@option(
    "--fit",
    type=click.Choice(["contain", "cover"]),
    default="contain",
    help="contain: the whole picture between margins; cover: fill the logo and cut off what stands over.",
)
@option(
    "--padding",
    type=click.FloatRange(0, 45),
    metavar="PERCENT",
    help="Margin, in percent of a logo's shorter side (default: 3.7 with contain, 10 pixels on 400x272; 0 with cover).",
)
@option(
    "--background",
    default="auto",
    metavar="COLOR|transparent|auto",
    help="auto: transparent where the picture has alpha, else the colour of its corners.",
)
@option(
    "--preview",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also draw all of them into one PNG, on a light and on a dark ground.",
)
@option("--force", is_flag=True, help="Replace files that are there already.")
def command(picture: Path, *, folder: Path | None, slots: tuple[str, ...], preview: Path | None, **options: Any) -> int:
    """Make all logos and the form's icon from one PNG, JPEG, GIF, WebP or SVG.

    SVG is drawn anew at each size and needs: pip install 'widgetpack[svg]'.
    """
    from widgetpack.logos.compose import Look
    from widgetpack.logos.make import Wish, make_logos

    if os.path.isdir(picture):  # noqa: PTH112  # has an answer also for what may not be looked at
        message = f"{picture}: a folder, not a picture"
        raise UsageError(message, "name a PNG, JPEG, GIF, WebP or SVG; the widget's folder goes behind -o")
    if preview is not None and preview.suffix.lower() != ".png":
        message = f"{preview}: the preview is a PNG"
        raise UsageError(message, "name it preview.png")
    look = Look(options["fit"], options["padding"], options["background"])
    result = make_logos(picture, Wish(folder, slots, preview, options["force"]), look)
    rows = [(readable(item.path.as_posix()), f"{item.width}x{item.height}", f"{item.size:,}") for item in result.made]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, pixels, size in rows:
        click.echo(f"{name:<{widths[0]}}  {pixels:>{widths[1]}}  {size:>{widths[2]}} bytes")
    for note in result.notes:
        click.echo(readable(f"warning: {note}"), err=True)
    return EXIT_CLEAN

"""Draws every picture of the widget from ``logo.svg``: ``python art/draw.py`` (needs Pillow, and Chromium on PATH).

The tour pictures show the panel as the widget's own ``style.css`` and ``i18n/`` make it: draw them again whenever one
of these changes.
"""

from __future__ import annotations

import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

ART = Path(__file__).resolve().parent
WIDGET = ART.parent
MARK = (ART / "logo.svg").as_uri()
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WORD = "Follow-up"
SPARE = 200
"""Pixels that the browser window is taller than the picture: headless Chromium may keep some for its own frame."""


class Picture(NamedTuple):
    """One file to draw."""

    path: Path
    width: int
    height: int
    """Both in pixels, exactly what the slot of the platform asks for."""
    body: str
    """HTML; it fills the canvas from the top left corner."""


def logo(name: str, size: tuple[int, int], mark: int, word: int = 0, look: str = "row") -> Picture:
    """Return a logo with a mark of ``mark`` pixels and, where ``word`` is a font size, the name beside or below it."""
    width, height = size
    gap = mark // (9 if look == "column" else 5)
    text = f'<span class="word" style="font-size:{word}px">{WORD}</span>' if word else ""
    body = (
        f'<div class="canvas white {look}" style="width:{width}px;height:{height}px;gap:{gap}px">'
        f'<img src="{MARK}" width="{mark}" height="{mark}" alt="">{text}</div>'
    )
    return Picture(WIDGET / name, width, height, body)


def logos() -> list[Picture]:
    """Return the six slots of ``images/`` and the icon of the integration form."""
    main = (400, 272)
    return [
        logo("images/logo.png", (130, 100), 60, word=18, look="column"),
        logo("images/logo_main.png", main, 148, word=44, look="column"),
        logo("images/logo_small.png", (108, 108), 100),
        logo("images/logo_medium.png", (240, 84), 56, word=32),
        logo("images/logo_min.png", (84, 84), 76),
        logo("images/logo_dp.png", (174, 109), 56, word=22, look="column"),
        logo("integration-icon.png", main, 148, word=44, look="column"),
    ]


def fill(text: str, **values: object) -> str:
    """Put ``values`` into the ``{name}`` marks of a text of ``i18n/``, as ``lib/texts.js`` does."""
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", str(value))
    return text


def frame(words: dict[str, Any], number: int, content: str) -> str:
    """Return a tour picture: the claim on the left, a window with ``content`` on the right."""
    points = "".join(f"<li>{html.escape(point)}</li>" for point in words[f"tour_{number}_points"])
    return (
        f'<div class="tour"><div class="claim"><img class="mark" src="{MARK}" alt="">'
        f"<h1>{html.escape(words[f'tour_{number}_title'])}</h1><ul>{points}</ul></div>"
        f'<div class="window"><div class="top"><i></i><i></i><i></i></div>{content}</div></div>'
    )


def panel(texts: dict[str, Any]) -> str:
    """Return the markup of ``templates/panel.twig`` for a lead that has waited five days."""
    said, forms = texts["panel"], texts["format"]
    many = forms["day_many"]
    delays = (forms["day_one"], fill(many, count=3), forms["week_one"])
    buttons = "".join(f'<button class="followup-widget__button">{html.escape(delay)}</button>' for delay in delays)
    return (
        '<div class="followup-widget"><div class="followup-widget__card followup-widget__card_late">'
        f'<p class="followup-widget__label">{html.escape(said["state_late"])}</p>'
        f'<p class="followup-widget__figure"><strong class="followup-widget__days">{fill(many, count=5)}</strong>'
        f'<span class="followup-widget__since">{html.escape(said["since"])}</span></p>'
        '<div class="followup-widget__meter"><div class="followup-widget__bar" style="width:100%"></div></div>'
        f'<p class="followup-widget__facts"><span>{fill(said["limit"], days=fill(many, count=3))}</span>'
        f"<span>{html.escape(said['no_task'])}</span></p></div>"
        f'<p class="followup-widget__heading">{html.escape(said["plan"])}</p>'
        f'<div class="followup-widget__buttons">{buttons}</div></div>'
    )


def lead(words: dict[str, Any], texts: dict[str, Any]) -> str:
    """Return a lead card with the panel in its right column."""
    fields = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in words["fields"])
    looks = ("bubble", "bubble own", "bubble note")
    feed = "".join(
        f'<div class="{look}">{html.escape(message)}</div>'
        for look, message in zip(looks, words["messages"], strict=True)
    )
    return (
        f'<div class="lead"><div class="left"><h2>{html.escape(words["lead"])}</h2><dl>{fields}</dl></div>'
        f'<div class="feed">{feed}</div><div class="right"><div class="caption">'
        f'<img src="{MARK}" alt="">{html.escape(texts["widget"]["name"])}</div>'
        f"{panel(texts)}</div></div>"
    )


def limits(words: dict[str, Any], texts: dict[str, Any]) -> str:
    """Return the markup of ``templates/advanced.twig`` with four pipelines."""
    said = texts["advanced"]
    intro = fill(said["intro"], days=fill(texts["format"]["day_many"], count=3))
    rows = "".join(
        f'<tr><th class="followup-widget__cell">{html.escape(name)}</th><td class="followup-widget__cell">'
        f'<input class="followup-widget__input" value="{days}" placeholder="3"></td></tr>'
        for name, days in zip(words["pipelines"], ("2", "14", "7", ""), strict=True)
    )
    head = "".join(
        f'<th class="followup-widget__cell followup-widget__cell_head">{html.escape(said[key])}</th>'
        for key in ("pipeline", "limit")
    )
    return (
        '<div class="page"><div class="followup-widget followup-widget_page">'
        f'<h2 class="followup-widget__title">{html.escape(said["title"])}</h2>'
        f'<p class="followup-widget__intro">{html.escape(intro)}</p>'
        f'<table class="followup-widget__table"><tr>{head}</tr>{rows}</table>'
        f'<button class="followup-widget__button followup-widget__button_main">{html.escape(said["save"])}</button>'
        "</div></div>"
    )


def tours() -> list[Picture]:
    """Return two tour pictures, 1188x616, for each language of ``words.json``."""
    pictures = []
    for locale, words in json.loads((ART / "words.json").read_text(encoding="utf-8")).items():
        texts = json.loads((WIDGET / "i18n" / f"{locale}.json").read_text(encoding="utf-8"))
        for number, content in ((1, lead(words, texts)), (2, limits(words, texts))):
            path = WIDGET / "images" / f"tour_{number}_{locale}.png"
            pictures.append(Picture(path, 1188, 616, frame(words, number, content)))
    return pictures


def write_picture(picture: Picture, browser: str, scratch: Path) -> None:
    """Render one picture and replace its file; raise `subprocess.CalledProcessError` where the browser fails."""
    page, shot = scratch / "page.html", scratch / "shot.png"
    sheets = (ART / "art.css", WIDGET / "style.css")
    styles = "".join(f'<link rel="stylesheet" href="{sheet.as_uri()}">' for sheet in sheets)
    page.write_text(f'<!doctype html><meta charset="utf-8">{styles}<body>{picture.body}', encoding="utf-8")
    window = f"--window-size={picture.width},{picture.height + SPARE}"
    command = [browser, "--headless", "--hide-scrollbars", "--force-device-scale-factor=1", window]
    command += [f"--screenshot={shot}", f"--user-data-dir={scratch / 'profile'}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium refuses to start its sandbox for root, which is who runs in most containers.
        command.append("--no-sandbox")
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True)
    with Image.open(shot) as image:
        image.convert("RGB").crop((0, 0, picture.width, picture.height)).save(picture.path, optimize=True)


def main() -> int:
    """Draw all pictures; return 1 where there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write(f"none of these browsers is on PATH: {', '.join(BROWSERS)}\n")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        for picture in logos() + tours():
            write_picture(picture, browser, Path(scratch))
            sys.stdout.write(f"{picture.path.relative_to(WIDGET)}  {picture.width}x{picture.height}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Fixes of locale codes: in the manifest, and in the names of the text files."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from widgetpack.documents.schema_words import shown
from widgetpack.fixes.base import Edit, Rename, Repair, fix, is_strict
from widgetpack.fixes.json_text import replaced
from widgetpack.platform import LOCALES
from widgetpack.widget import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.model import Problem
    from widgetpack.widget import Widget

_SPELLING = re.compile(r"\s*([A-Za-z]{2})(?:[_-][A-Za-z]{2,4})?\s*")
_TEXTS = re.compile(r"i18n/([^/]+?)(\.json|/.*)")


@fix("M08")
def wrong_locale_code(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Write ``es`` for ``es_ES``, and rename the texts of that name."""
    place, manifest = problem.place, widget.manifest
    if place.path != MANIFEST or not place.pointer or manifest is None or not is_strict(manifest):
        return
    raw = place.pointer[-1] if place.on_key else widget.get(*place.pointer)
    code = _meant(widget, raw) if isinstance(raw, str) else ""
    splice = replaced(manifest.data, place.pointer, code, on_key=place.on_key) if code else None
    if splice is not None:
        yield Edit(MANIFEST, *splice, f"{shown(raw)} is now {shown(code)}")
        yield from _renamed(widget, code)


@fix("L01")
def locale_without_file(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Rename the texts that lie under another spelling of the code."""
    pointer = problem.place.pointer or ()
    index = pointer[-1] if pointer else None
    if isinstance(index, int) and index < len(widget.declared_locales):
        code = widget.declared_locales[index]
        if _meant(widget, code) == code:
            yield from _renamed(widget, code)


def _meant(widget: Widget, raw: str) -> str:
    """Return the platform's code for a spelling, where nothing else in the widget claims the same code; else nothing."""
    code = _code(raw)
    tour = widget.get("tour", "tour_images")
    files = set(_spellings(widget).values())
    for spellings in (widget.declared_locales, tour if isinstance(tour, dict) else (), files):
        if Counter(map(_code, spellings))[code] > 1:
            return ""
    return code


def _code(raw: str) -> str:
    match = _SPELLING.fullmatch(raw)
    code = match[1].lower() if match else ""
    return code if any(code in known for known in LOCALES.values()) else ""


def _spellings(widget: Widget) -> dict[str, str]:
    """Return the files and folders below ``i18n/``, each with the locale that its name spells."""
    found = {}
    for path in (*widget.tree.files, *(entry.path for entry in widget.tree.entries)):
        match = _TEXTS.fullmatch(path)
        if match:
            found[f"i18n/{match[1]}" + (match[2] if match[2] == ".json" else "")] = match[1]
    return found


def _renamed(widget: Widget, code: str) -> Iterator[Repair]:
    for path, name in _spellings(widget).items():
        if _code(name) == code and name != code:
            yield Rename(path, path.replace(f"i18n/{name}", f"i18n/{code}", 1))

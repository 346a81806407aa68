"""L: the texts that scripts read: whether they are there, and whether any is read by nobody."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from widgetpack.model import Locale, Place, Pointer, Problem
from widgetpack.rules.base import rule
from widgetpack.scripts.code import has_word
from widgetpack.scripts.kind import kind_of
from widgetpack.scripts.texts import Reading, readings, reads_computed, unescaped
from widgetpack.widget import ENTRY, Widget, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.scripts.javascript import Script

_I18N = "developers.kommo.com/docs/i18n"
_BY_OTHERS = (".min.js", "-min.js")
_READERS = (".js", ".twig", ".html", ".htm")
_PLATFORMS_OWN = ("widget", "salesbot", "ai_agent")
"""Groups of which the platform reads texts by itself."""


def _judged(widget: Widget) -> list[Locale]:
    """Return the declared locales; none where one could not be read, for then nothing can be said."""
    locales = [locale for locale in widget.locales if locale.code in widget.declared_locales]
    readable = all(isinstance(loc.value, dict) and all(d.readable for d in loc.documents) for loc in locales)
    return locales if readable else []


@rule("L10", Widget, "warning", source=_I18N + "; docs/script-js (`self.i18n`, `self.langs`)")
def unresolved_text(widget: Widget) -> Iterator[Problem]:
    """A script reads a text that no locale has.

    Users see `undefined` or nothing, or the script stops. A text that only some locales lack is another rule's (L03).
    Names that are computed, and bundles and libraries, are not judged.

    Fix: add the text to every file of `i18n/`, or correct the name.

    Wrong: `self.i18n('panel').titel` with `"panel": {"title": "Deadline"}`
    Right: `self.i18n('panel').title` with `"panel": {"title": "Deadline"}`
    """
    locales = _judged(widget)
    if not locales:
        return
    for script in widget.scripts.values():
        kind = kind_of(script.path, script.data)
        if kind == "own" or (kind == "minified" and not script.path.endswith(_BY_OTHERS)):
            yield from _unresolved(script, locales)


def _unresolved(script: Script, locales: list[Locale]) -> Iterator[Problem]:
    said = set()
    for reading in readings(script):
        missing = _first_missing(reading, locales)
        if missing is None or missing in said:
            continue
        said.add(missing)
        *above, name = map(str, missing)
        near = difflib.get_close_matches(name, _siblings(locales, missing[:-1]), 1, 0.7)
        hint = f", did you mean `{'.'.join((*above, near[0]))}`?" if near else ""
        place = Place(script.path, offset=reading.offsets[len(missing) - 1])
        yield Problem(f"no locale has `{'.'.join((*above, name))}`{hint}", place)


def _first_missing(reading: Reading, locales: list[Locale]) -> Pointer | None:
    """Return the shortest part of what is read that no locale has; None where some locale has it, or it may be a method."""
    pointer: Pointer = reading.pointer
    if any(isinstance(loc.value.get(".".join(map(str, pointer))), str) for loc in locales):
        return None  # one flat key with dots in it
    for depth in range(1, len(pointer) + 1):
        values = [value_at(locale.value, pointer[:depth]) for locale in locales]
        if any(isinstance(value, str) for value in values):
            return None  # what follows are methods of the text
        if any(value is not None for value in values):
            continue
        is_method = depth == len(pointer) and reading.is_called
        is_doubtful = depth == 1 and not reading.is_sure
        return None if is_method or is_doubtful else pointer[:depth]
    return None


def _siblings(locales: list[Locale], pointer: Pointer) -> list[str]:
    values = [value_at(locale.value, pointer) for locale in locales]
    return sorted({name for value in values if isinstance(value, dict) for name in value})


@rule("L11", Widget, "info", source=_I18N + "; docs/getting-listed: nothing unused in the package")
def unused_text(widget: Widget) -> Iterator[Problem]:
    """A text of the locales is read by nothing.

    It is translated for nobody. Judged only where every script was read and none asks for a group by a computed name:
    the text's key is a word of no script, template or page, no group above it is handed on, the manifest does not
    name it, and it is none of those that the platform reads itself (`widget.*`, `salesbot.*`).

    Fix: remove it from every file of `i18n/`.

    Wrong: `"panel": {"title": "Deadline", "old_title": "Due"}` and scripts that read `title` only
    Right: `"panel": {"title": "Deadline"}`
    """
    locales = _judged(widget)
    scripts = list(widget.scripts.values())
    hidden = any(script.glanced or script.fault is not None or reads_computed(script) for script in scripts)
    if not locales or ENTRY not in widget.scripts or hidden or widget.missing or _asks_elsewhere(scripts):
        return
    named = {reference.key for reference in widget.references()} | _salesbot_texts(widget)
    handed_on = {r.pointer for script in scripts for r in readings(script) if r.is_open}
    read = sorted((d for path, d in widget.tree.files.items() if path.lower().endswith(_READERS)), key=len)
    said: set[Pointer] = set()
    for locale in locales:
        for pointer in _texts(locale.value):
            dotted = ".".join(map(str, pointer))
            above = {pointer[:depth] for depth in range(1, len(pointer) + 1)}
            if pointer[0] in _PLATFORMS_OWN or dotted in named or pointer in said or not above.isdisjoint(handed_on):
                continue
            said.add(pointer)
            if not any(_names(data, str(pointer[-1])) for data in read):
                home = locale.home(pointer)
                yield Problem(f"`{dotted}` is read by nothing", Place(home.path if home else "", pointer, on_key=True))


def _names(data: bytes, key: str) -> bool:
    """Tell whether a text names a key, plainly or with escapes."""
    word = key.encode("utf-8", "replace")
    return has_word(data, word) or (b"\\" in data and has_word(unescaped(data), word))


def _asks_elsewhere(scripts: list[Script]) -> bool:
    """Tell whether code that is not in the package may read texts."""
    asked = [d for script in scripts for define in script.defines for d in define.dependencies]
    return any(d.id is None or "//" in d.id for d in asked)


def _salesbot_texts(widget: Widget) -> set[str]:
    """Return the texts of the manifest that may name a text without being bound to: defaults of Salesbot fields."""
    found, stack = set(), [widget.manifest.value if widget.manifest else None]
    while stack:
        value: Any = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, str):
            found.add(value)
    return found


def _texts(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    """Yield the pointer of every text."""
    for key, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, dict):
            yield from _texts(item, (*pointer, key))
        elif isinstance(item, str):
            yield (*pointer, key)

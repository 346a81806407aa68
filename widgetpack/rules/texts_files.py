"""L: files below `i18n/` that are no texts, and texts that nobody translated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from widgetpack.model import Locale, Place, Pointer, Problem
from widgetpack.rules.base import moderated, rule
from widgetpack.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_I18N = "developers.kommo.com/docs/i18n"
_WORD = r"[^\W\d_]{2,}"
# Nothing here starts within what it would take in whole: a picture as base64 has 80,000 letters without an end.
_NO_WORDS = r"<[^<>]*+>|(?:https?://|data:[a-z]+/)\S++|(?<![^\s<>])[^\s<>@]++@\S++|(?<![{%#])[{%#]++\w++[}%#]++"
_CYRILLIC = r"[\u0400-\u04FF]"
_WORDS = 2
_WORDS_OF_KIN = 4
"""Spanish and Portuguese share many a pair of words."""


@rule("L12", Widget, "info", source=_I18N)
def untranslated_text(widget: Widget) -> Iterator[Problem]:
    """Texts of a locale are the same as in another one.

    Judged are texts of at least two words that are no names or addresses; told once for each pair of locales.

    Fix: translate them, or remove the locale.

    Wrong: `"save": "Save the changes"` in `en.json` and in `es.json`
    Right: `"save": "Save the changes"` in `en.json`, `"save": "Guardar los cambios"` in `es.json`
    """
    read = {locale.code: locale for locale in widget.locales if locale.readable}
    texts = {code: dict(_texts(read[code].value)) for code in dict.fromkeys(widget.declared_locales) if code in read}
    told: dict[tuple[str, str], list[Pointer]] = {}
    for index, code in enumerate(texts):
        for other in list(texts)[:index]:
            for pointer, text in texts[code].items():
                if texts[other].get(pointer) == text and len(_words(text)) >= _needed(code, other):
                    pair = (other, code) if _belongs(code, text) and not _belongs(other, text) else (code, other)
                    told.setdefault(pair, []).append(pointer)
    reported: set[tuple[str, Pointer]] = set()
    for (code, other), pointers in told.items():
        fresh = [pointer for pointer in pointers if (code, pointer) not in reported]
        reported.update((code, pointer) for pointer in fresh)
        if fresh:
            yield _same(read[code], other, fresh)


def _same(locale: Locale, other: str, pointers: list[Pointer]) -> Problem:
    home = locale.home(pointers[0])
    first = ".".join(map(str, pointers[0]))
    rest = f" and {len(pointers) - 1} more" if len(pointers) > 1 else ""
    verb = "are" if rest else "is"
    place = Place(home.path if home else locale.documents[0].path, pointers[0])
    return Problem(f"`{first}`{rest} {verb} the same as in `{other}`", place)


def _needed(code: str, other: str) -> int:
    return _WORDS_OF_KIN if {code, other} == {"es", "pt"} else _WORDS


def _belongs(code: str, text: str) -> bool:
    """Whether a text can be one of that language, by its letters."""
    return (code == "ru") == bool(re.search(_CYRILLIC, text))


def _words(text: str) -> list[str]:
    """Return the words of a text that people would translate; none where all begin with a capital, as names do."""
    words = re.findall(_WORD, re.sub(_NO_WORDS, " ", text))
    return words if any(word[0].islower() and len(word) > _WORDS for word in words) else []


def _texts(value: Mapping[str, Any], pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _texts(item, (*pointer, key))
        elif isinstance(item, str):
            yield (*pointer, key), item


@rule(
    "L19",
    Widget,
    moderated,
    source=_I18N + "; survey: `ru.php`, `<locale>/config.json`; getting-listed: no unused files",
)
def stray_file(widget: Widget) -> Iterator[Problem]:
    """A file below `i18n/` is no `<locale>.json`.

    The platform never reads it. A warning where it holds JSON in a folder of an archive: the texts are missing then.

    Fix: move it out, or, in an archive, merge it into `i18n/<locale>.json`, as `widgetpack build` does.

    Wrong: `i18n/notes.txt` beside `i18n/en.json`
    Right: `i18n/en.json` alone
    """
    loaded = {document.path for locale in widget.locales for document in locale.documents}
    for path in widget.tree.files:
        name = path.rpartition("/")[2]
        ours = path in loaded or name.startswith("._")  # the latter is junk of macOS, which A12 tells of
        if path.startswith("i18n/") and not ours:
            split = path.endswith(".json") and path.count("/") > 1
            what = "in a folder: the platform reads only i18n/<locale>.json" if split else "no i18n/<locale>.json"
            yield Problem(what, Place(path), "warning" if split else None)

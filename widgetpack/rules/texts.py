"""L: the texts of the locales, and every reference to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack.documents.locales import find_text
from widgetpack.model import Locale, Place, Pointer, Problem
from widgetpack.platform import BLOCK_OF_LOCATION, is_locale_code
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, Reference, Widget, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_I18N = "developers.kommo.com/docs/i18n"


def _place(locale: Locale, pointer: Pointer) -> Place:
    home = locale.home(pointer)
    return Place(home.path if home else f"i18n/{locale.code}.json", pointer)


def _judged(widget: Widget) -> Iterator[Locale]:
    """Yield the locales whose texts could be read; the others have a finding of family J."""
    for locale in widget.locales:
        if locale.readable:
            yield locale


@rule("L01", Widget, source=_I18N + "; survey: 5 of 105 widgets")
def locale_without_file(widget: Widget) -> Iterator[Problem]:
    """A locale is declared, but its text file is absent.

    People of that language see keys instead of texts, or the upload is refused.

    Fix: add `i18n/<locale>.json`, or remove the locale from `widget.locale`.

    Wrong: `"locale": ["en", "es"]` beside the single file `i18n/en.json`
    Right: `"locale": ["en", "es"]` beside `i18n/en.json` and `i18n/es.json`
    """
    found = {locale.code for locale in widget.locales}
    for index, code in enumerate(widget.declared_locales):
        if code not in found and is_locale_code(code):  # another rule speaks of a code of the wrong form
            near = [locale.documents[0].path for locale in widget.locales if _means(locale.code, code)]
            only = f", only {near[0]}" if near else ""
            message = f"no i18n/{code}.json for the locale `{code}`{only}"
            yield Problem(message, Place(MANIFEST, ("widget", "locale", index)))


def _means(written: str, code: str) -> bool:
    """Whether a file's name is another way to write a locale: `EN`, `en-US`, `en_US`."""
    return written != code and written.lower().replace("_", "-").partition("-")[0] == code


@rule("L02", Widget, "warning", source=_I18N + "; survey: 6 of 105 widgets")
def file_without_locale(widget: Widget) -> Iterator[Problem]:
    """A text file's locale is not declared.

    The platform never reads it.

    Fix: add the locale to `widget.locale` and to the integration's languages, or remove the file.

    Wrong: `"locale": ["en"]` beside `i18n/en.json` and `i18n/pt.json`
    Right: `"locale": ["en", "pt"]` beside `i18n/en.json` and `i18n/pt.json`
    """
    if not widget.declared_locales:
        return
    for locale in widget.locales:
        if locale.code not in widget.declared_locales:
            yield Problem(f"the locale `{locale.code}` is not in `widget.locale`", Place(locale.documents[0].path))


@rule("L03", Widget, "warning", source=_I18N + ": same structure in every file; survey: 4 of 105 widgets differ")
def missing_text(widget: Widget) -> Iterator[Problem]:
    """A locale lacks a text or a group that another locale has.

    The platform asks for the same structure in every file; users see the raw key.

    Fix: add the key at the place; the message names a locale that has it.

    Wrong: `{"buttons": {"save": "Save"}}` in `en.json`, `{"buttons": {}}` in `es.json`
    Right: `{"buttons": {"save": "Save"}}` in `en.json`, `{"buttons": {"save": "Guardar"}}` in `es.json`
    """
    locales = [locale for locale in _judged(widget) if locale.code in widget.declared_locales]
    every: dict[Pointer, str] = {}
    for locale in locales:
        for pointer, _ in _leaves(locale.value):
            every.setdefault(pointer, locale.code)
    for locale in locales:
        for pointer, owner in dict.fromkeys(_gaps(locale, every)):
            if value_at(locale.value, pointer) is None:
                yield Problem(f"no `{_dotted(pointer)}`, which `{owner}` has", _place(locale, pointer))
            else:
                message = f"`{_dotted(pointer)}` is a text here, but a group in `{owner}`"
                yield Problem(message, _place(locale, pointer))


def _gaps(locale: Locale, every: dict[Pointer, str]) -> Iterator[tuple[Pointer, str]]:
    """Yield the shortest part of each pointer that ``locale`` lacks: a missing group is one gap, not one per text."""
    for pointer, owner in every.items():
        for depth in range(1, len(pointer) + 1):
            value = value_at(locale.value, pointer[:depth])
            if value is None or (depth < len(pointer) and not isinstance(value, dict)):
                yield pointer[:depth], owner
                break


@rule("L04", Widget, source=_I18N + ", docs/manifest-json; survey: 7 of 105 widgets")
def unresolved_reference(widget: Widget) -> Iterator[Problem]:
    """The manifest names a text that a locale does not have.

    Users see the raw key, and public uploads are refused. A block without its location
    is not judged: another rule calls it dead.

    Fix: add the text to the locale that the message names, or correct the reference.

    Wrong: `"name": "settings.tokn"` where the texts hold `{"settings": {"token": "Token"}}`
    Right: `"name": "settings.token"` where the texts hold `{"settings": {"token": "Token"}}`
    """
    for locale in _judged(widget):
        if locale.code not in widget.declared_locales:
            continue
        for reference in widget.references():
            if reference.is_key and _is_active(widget, reference) and not _resolves(locale, reference):
                message = f"`{reference.key}` is not a text of the locale `{locale.code}`"
                yield Problem(message, Place(MANIFEST, reference.pointer))


def _is_active(widget: Widget, reference: Reference) -> bool:
    """Whether the block that holds the reference does anything at all."""
    needed = [location for location, block in BLOCK_OF_LOCATION.items() if block == reference.pointer[0]]
    return not needed or any(location in widget.locations for location in needed)


def _resolves(locale: Locale, reference: Reference) -> bool:
    return find_text(locale, reference.key) is not None


@rule("L05", Widget, "warning", source=_I18N + "; field report: Kommo refused name and description as plain text")
def literal_text(widget: Widget) -> Iterator[Problem]:
    """The manifest holds a text where it should name one of the locales.

    It is the same in every language, and Kommo was seen to refuse it.

    Fix: move the text into `i18n/*.json` and write its key, for example `widget.name`.

    Wrong: `"name": "Follow-up planner"`
    Right: `"name": "widget.name"`
    """
    for reference in widget.references():
        if not reference.is_key:
            message = (
                f"{reference.key[:60]!r} is a text, not the key of one"
                if reference.key
                else "empty, not the key of a text"
            )
            yield Problem(message, Place(MANIFEST, reference.pointer))


@rule("L06", Locale, "warning", source=_I18N)
def empty_text(locale: Locale) -> Iterator[Problem]:
    """A text is empty or only blanks.

    Users see nothing there.

    Fix: write the text, or remove the key from every locale.

    Wrong: `"save": ""`
    Right: `"save": "Save"`
    """
    for pointer, text in _leaves(locale.value):
        if isinstance(text, str) and not text.strip():
            yield Problem(f"`{_dotted(pointer)}` is empty", _place(locale, pointer))


@rule("L07", Locale, "warning", source=_I18N + ": values are texts or groups of texts; survey: lists of month names")
def not_a_text(locale: Locale) -> Iterator[Problem]:
    """A value of a locale is neither a text nor a group of texts.

    Fix: write it in quotes.

    Wrong: `"limit": 5`
    Right: `"limit": "5"`
    """
    for pointer, text in _leaves(locale.value):
        if not isinstance(text, str | dict):
            yield Problem(f"`{_dotted(pointer)}` is {_json_type(text)}, not a text", _place(locale, pointer))


@rule("L08", Locale, source="widgetpack merges i18n/<locale>/*.json into i18n/<locale>.json")
def text_set_twice(locale: Locale) -> Iterator[Problem]:
    """Two files of one locale set the same key.

    Merged into one file, one of the texts would be lost.

    Fix: keep the key in one of the files.

    Wrong: `{"save": "Save"}` in `i18n/en/a.json`, `{"save": "Store"}` in `i18n/en/b.json`
    Right: `{"save": "Save"}` in `i18n/en/a.json`, `{"store": "Store"}` in `i18n/en/b.json`
    """
    for document, pointer, other in locale.clashes:
        yield Problem(f"`{_dotted(pointer)}` is also set in {other}", Place(document.path, pointer, on_key=True))


@rule("L09", Widget, source=_I18N + " (groups `widget.name`, `short_description`, `description`); 102 of 102 files")
def no_locales(widget: Widget) -> Iterator[Problem]:
    """There is no text file at all.

    The platform has no name to show for the widget.

    Fix: add `i18n/en.json` with `widget.name`, `widget.short_description` and `widget.description`.

    Wrong: a widget without the folder `i18n/`
    Right: a widget with `i18n/en.json`
    """
    if isinstance(widget.get("widget"), dict) and not widget.locales and not widget.declared_locales:
        yield Problem("no i18n/*.json", Place(MANIFEST, ("widget",)))


def _leaves(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Yield the pointer and value of everything that is no group."""
    for key, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, dict) and item:
            yield from _leaves(item, (*pointer, key))
        else:
            yield (*pointer, key), item


def _dotted(pointer: Pointer) -> str:
    return ".".join(map(str, pointer))


def _json_type(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "null")

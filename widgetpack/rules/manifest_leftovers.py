"""M26: what a template or sample left in the manifest, the texts or the form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.documents.locales import find_text
from widgetpack.model import Place, Pointer, Problem, Severity
from widgetpack.platform import MACROS
from widgetpack.rules.base import rule
from widgetpack.widget import MANIFEST, Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 3
"""Leftovers of one text that are told."""

_HINTS = ("example", "your", "support@", "{{", "<%", "${", "{%", "%", "@", "#", "todo", "fixme", "tbd", "ipsum")
"""What every leftover holds, in small letters: few texts do, and only those are worth a regular expression."""

_ADDRESS = (
    # RFC 2606: names that belong to nobody. The other two stand in the vendor's old sample and in many texts of others.
    # 64 letters before the `@` are the most there can be (RFC 5321), and each `+` among them is a start for the rest.
    r"(?i)(?<![\w.-])(?:[\w.+-]{1,64}+@)?(?:[\w-]++\.)*"
    r"(?:example\.(?:com|org|net)|your-?(?:domain|site|company|server)\.\w{2,})(?![\w-]|\.\w)"
    r"|(?<=[@/.])[\w-]+\.example(?![\w.-])"
    r"|(?<![\w.+-])support@amocrm\.com(?![\w.-])"
)
_MARK = r"\{\{.{0,60}?\}\}|<%.{0,60}?%>|\$\{[^{}]{1,60}\}|\{%.{1,60}?%\}|%[A-Za-z_]{3}[\w.-]{0,40}%|(?<!\w)@[a-z_]{2,30}@(?!\w)"
_MACRO = r"#(/?[A-Z][A-Z_]{1,30})#"
_NOTE = r"\b(?:TODO|FIXME|TBD)\s*:|(?i:\blorem ipsum\b)"
_BARE_NOTE = r"\s*(?:TODO|FIXME|TBD)\s*"
_ALL = frozenset({"es", "pt", "it", "gl"})
"""Languages in which TODO is a word: all."""


class Shown(NamedTuple):
    """A text that is judged, and what is looked for in it besides notes."""

    place: Place
    text: str
    addresses: bool = True
    marks: bool = True
    macros: bool = False
    bare: bool = True
    """Whether a text that is nothing but TODO counts."""
    severity: Severity | None = None
    for_people: bool = False
    """Whether people read it: then a mark further in is mostly explained to them."""


@rule(
    "M26",
    Widget,
    "warning",
    source="RFC 2606; survey: the old sample's support@amocrm.com in 9 of 63 manifests, example.com in 9, template marks in 1 of 105",
)
def placeholder_left(widget: Widget) -> Iterator[Problem]:
    """A placeholder of a template or sample was left in the manifest, the texts or the form.

    Users meet an address that belongs to nobody, or a mark that nothing replaces. Judged are the manifest, the form, and
    the texts that the platform itself shows; in all other texts only TODO and lorem ipsum, for a script may fill in marks. In a
    text of the locales a mark counts where the text starts with it: further in it is mostly explained.
    An info for the `default_value` of a bot's field, which a user sees and replaces.

    Fix: write what is meant.

    Wrong: `"support": {"link": "https://example.com", "email": "support@amocrm.com"}`
    Right: `"support": {"link": "https://acme.dev/help", "email": "help@acme.dev"}`
    """
    for shown in (*_of_manifest(widget), *_of_texts(widget), *_of_form(widget)):
        for what in dict.fromkeys(_leftovers(shown)):
            yield Problem(f"{what} is a placeholder", shown.place, shown.severity)


def _leftovers(shown: Shown) -> list[str]:
    """Return what is left in one text, in the words of the message."""
    text = shown.text
    found = [match[0] for match in re.finditer(_ADDRESS, text)] if shown.addresses else []
    marks = re.finditer(_MARK, text) if shown.marks else ()
    found += [match[0] for match in marks if not shown.for_people or _starts(match)]
    found += [match[0] for match in re.finditer(_MACRO, text) if shown.macros and match[1] not in MACROS]
    notes = (match for match in re.finditer(_NOTE, text) if shown.bare or match[0][:4] != "TODO" or _starts(match))
    found += [match[0].rstrip(" :") for match in notes]
    found += [text.strip()] if shown.bare and re.fullmatch(_BARE_NOTE, text) else []
    return [f"`{item}`" for item in found[:_MOST]]


def _starts(match: re.Match[str]) -> bool:
    """Tell whether nothing but blanks stands before a match."""
    return not match.string[: match.start()].strip()


def _of_manifest(widget: Widget) -> Iterator[Shown]:
    value = widget.manifest.value if widget.manifest else None
    for pointer, text in _strings(value):
        filled = "default_value" in pointer or "conditions" in pointer  # the bot fills marks in there
        if pointer[0] != "$schema":
            weight: Severity | None = "info" if "default_value" in pointer else None
            yield Shown(Place(MANIFEST, pointer), text, marks=not filled, macros=not filled, severity=weight)


def _of_texts(widget: Widget) -> Iterator[Shown]:
    """Yield every text of a declared locale; those of the manifest's own groups are looked at more closely."""
    keys = [item for item in widget.references() if item.is_key]
    for locale in widget.locales:
        if locale.code not in widget.declared_locales:
            continue
        hinted = list(_strings(locale.value))
        if not hinted:
            continue
        found = {item.pointer: held[0] for item in keys if (held := find_text(locale, item.key))}
        close = {place for pointer, place in found.items() if pointer[0] in ("widget", "tour")}
        labels = {place for pointer, place in found.items() if pointer[0] != "dp"}
        for pointer, text in hinted:
            home = locale.home(pointer)
            if home is not None:
                place, bare = Place(home.path, pointer), locale.code not in _ALL
                yield Shown(place, text, pointer in close, pointer in labels, bare=bare, for_people=True)


def _of_form(widget: Widget) -> Iterator[Shown]:
    path = widget.form.path if widget.form else ""
    for pointer, text in _strings(widget.form_value):
        if pointer[0] != "$schema":
            bare = pointer[-1] not in _ALL
            yield Shown(Place(path, (*widget.form_base, *pointer)), text, bare=bare)


def _strings(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """Yield the pointer and text of every string that may hold a leftover."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, str):
            small = item.lower()
            if any(hint in small for hint in _HINTS):
                yield (*pointer, key), item
        else:
            yield from _strings(item, (*pointer, key))

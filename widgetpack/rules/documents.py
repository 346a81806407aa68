"""J: the JSON texts themselves: manifest, locales and form alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import UNREADABLE, Document, Place, Problem, Severity
from widgetpack.rules.base import Context, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRUCTURE = "developers.kommo.com/docs/structure-widget"


def _problems(document: Document, *kinds: str) -> Iterator[Problem]:
    for fault in document.faults:
        if fault.kind in kinds:
            yield Problem(fault.message, Place(document.path, offset=fault.offset))


def _as_shipped(context: Context) -> Severity:
    """Weigh what the build mends: only an archive is what the platform will read."""
    return "error" if context.is_archive else "warning"


@rule("J01", Document, source="RFC 8259; survey of public widgets: texts with commas or words after the end")
def not_json(document: Document) -> Iterator[Problem]:
    """A JSON text cannot be parsed.

    The platform cannot read it either: the upload fails, or the language stays empty.

    Fix: mend the text at the place; the line above is often the culprit.

    Wrong: `{"name": "Planner" "version": "1.0.0"}`
    Right: `{"name": "Planner", "version": "1.0.0"}`
    """
    yield from _problems(document, "syntax", "empty", "too-large", "too-deep")


@rule("J02", Document, source="RFC 8259 section 4; 2 of 397 public manifests")
def duplicate_key(document: Document) -> Iterator[Problem]:
    """A key is set twice in one object.

    Only the last value counts, silently; the first one is lost.

    Fix: remove one of the two.

    Wrong: `{"save": "Save", "save": "Store"}`
    Right: `{"save": "Save", "store": "Store"}`
    """
    yield from _problems(document, "duplicate")


@rule("J03", Document, source="RFC 8259: JSON has no comments")
def comment(document: Document) -> Iterator[Problem]:
    """A JSON text holds a comment.

    The platform reads strict JSON and refuses it.

    Fix: remove the comment.

    Wrong: `"init_once": false // one per page`
    Right: `"init_once": false`
    """
    yield from _problems(document, "comment")


@rule("J04", Document, source="RFC 8259; 5 versions of a public widget's texts")
def trailing_comma(document: Document) -> Iterator[Problem]:
    """A comma stands before a closing bracket.

    The platform reads strict JSON and refuses it.

    Fix: remove the comma.

    Wrong: `["settings", "lcard-1",]`
    Right: `["settings", "lcard-1"]`
    """
    yield from _problems(document, "trailing-comma")


@rule("J05", Document, _as_shipped, source=_STRUCTURE + " (UTF-8 without BOM)")
def byte_order_mark(document: Document) -> Iterator[Problem]:
    """A JSON text starts with a byte order mark.

    The platform asks for UTF-8 without one. `widgetpack build` drops it; a zip made by hand would carry it.

    Fix: save the file as "UTF-8", not "UTF-8 with BOM".

    Wrong: an `en.json` whose first bytes are EF BB BF
    Right: an `en.json` whose first byte is `{`
    """
    yield from _problems(document, "bom")


@rule("J06", Document, source=_STRUCTURE + " (UTF-8)")
def wrong_encoding(document: Document) -> Iterator[Problem]:
    """A JSON text is not UTF-8.

    Letters outside ASCII would be garbage, or the text unreadable.

    Fix: save the file as UTF-8.

    Wrong: a `pt.json` saved as Windows-1252
    Right: a `pt.json` saved as UTF-8
    """
    yield from _problems(document, "encoding")


@rule("J07", Document, source="developers.kommo.com/docs/manifest-json, docs/i18n")
def not_an_object(document: Document) -> Iterator[Problem]:
    """The text of a locale is JSON, but not an object.

    The platform looks keys up in it; a list or a word has none.

    Fix: put the texts into `{ ... }`.

    Wrong: `["Save", "Cancel"]` as the whole `i18n/en.json`
    Right: `{"buttons": {"save": "Save", "cancel": "Cancel"}}` as the whole `i18n/en.json`
    """
    unread = any(fault.kind in UNREADABLE for fault in document.faults)
    if document.path.startswith("i18n/") and not unread and not isinstance(document.value, dict):
        yield Problem("not an object of groups and texts", Place(document.path, pointer=()))

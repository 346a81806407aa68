"""How a fix is written: one generator function per rule, from a problem to edits.

A fix judges nothing: it is called for what its rule has found, and yields nothing where more than one cure is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from widgetpack.model import Document, Pointer, Problem
from widgetpack.widget import Widget


class Edit(NamedTuple):
    """Bytes ``start`` to ``end`` of a file give way to ``text``."""

    path: str
    start: int
    end: int
    text: bytes
    what: str
    """What was mended, for the user: ``"es_ES" is now "es"``."""
    makes: Pointer = ()
    """The member that is added to a JSON text: two edits that add the same one exclude each other."""


class Rename(NamedTuple):
    """A file, or a folder with all that lies below it, gets another name."""

    path: str
    target: str


Repair = Edit | Rename
Fix = Callable[[Widget, Problem], Iterator[Repair]]

FIXES: dict[str, Fix] = {}
"""Every fix by the code of its rule; filled by the decorator when the modules are imported."""


def fix(code: str) -> Callable[[Fix], Fix]:
    """Register a function as the fix for what the rule ``code`` finds."""

    def register(function: Fix) -> Fix:
        FIXES[code] = function
        return function

    return register


def bytes_of(widget: Widget, path: str) -> bytes | None:
    """Return a file of the widget that may be edited; None for a place that is no file of it."""
    data = widget.tree.files.get(path)
    return widget.tree.aside.get(path) if data is None else data


def is_strict(document: Document) -> bool:
    """Tell whether a text is plain JSON, so that the place of every value is certain.

    A text with comments or trailing commas is first freed of them; one that cannot be parsed stays as it is.
    """
    return not {fault.kind for fault in document.faults} - {"bom", "duplicate"}

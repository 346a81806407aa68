"""How a fix is written: one generator function per rule, from a problem to edits, or from all problems at once.

A fix judges nothing: it is called for what its rule has found, and yields nothing where more than one cure is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
FixOfAll = Callable[[Widget, Sequence[Problem]], Iterator[Repair]]

FIXES: dict[str, FixOfAll] = {}
"""Every fix by the code of its rule; filled by the decorators when the modules are imported."""


def fix(code: str) -> Callable[[Fix], Fix]:
    """Register a function as the fix for each thing that the rule ``code`` finds."""

    def register(function: Fix) -> Fix:
        def of_all(widget: Widget, problems: Sequence[Problem]) -> Iterator[Repair]:
            return (repair for problem in problems for repair in function(widget, problem))

        FIXES[code] = of_all
        return function

    return register


def fix_all(code: str) -> Callable[[FixOfAll], FixOfAll]:
    """Register a function as the fix for all that the rule ``code`` finds, where the work for one serves the next."""

    def register(function: FixOfAll) -> FixOfAll:
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

"""Edits of a JSON text that keep everything around them: line ends, indentation, order, spelling of characters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.documents.places import members, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.model import Pointer

_COLON = re.compile(rb" ?:[ ]?")
_UNIT = "  "
"""Indentation of one level where the text shows none."""


class Splice(NamedTuple):
    """Where bytes of one text go, and what comes instead."""

    start: int
    end: int
    text: bytes = b""


def written(data: bytes, value: Any, indent: str | None = None, colon: bytes = b": ") -> bytes:
    """Return a value as JSON, its characters escaped where the text ``data`` escapes its own; one line unless ``indent``."""
    separators = (", " if colon.endswith(b" ") and indent is None else ",", colon.decode())
    if not (data.isascii() and b"\\u" in data):
        try:
            return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).encode()
        except UnicodeEncodeError:  # half of a pair: it can only be written as an escape
            pass
    return json.dumps(value, indent=indent, separators=separators).encode()


def replaced(data: bytes, pointer: Pointer, value: Any, *, on_key: bool = False) -> Splice | None:
    """Put ``value`` where the value at ``pointer`` is, or its key."""
    place = span(data, pointer, on_key=on_key)
    return None if place is None else Splice(place[0], place[1], written(data, value))


def item_removed(data: bytes, pointer: Pointer) -> Splice | None:
    """Take an item out of an array, with the comma before it; the first item stays."""
    *above, index = pointer
    if not isinstance(index, int) or index < 1:
        return None
    before, item = span(data, (*above, index - 1)), span(data, pointer)
    return None if before is None or item is None else Splice(before[1], item[1])


def member_removed(data: bytes, pointer: Pointer) -> Splice | None:
    """Take a member out of an object, with one of the commas around it."""
    *above, key = pointer
    place = span(data, tuple(above))
    found = list(members(data, tuple(above)))
    at = max((index for index, (name, _, _) in enumerate(found) if name == key), default=None)
    if place is None or at is None:
        return None
    if len(found) == 1:
        return Splice(place[0], place[1], b"{}")
    return Splice(found[at - 1][2], found[at][2]) if at else Splice(found[0][1], found[1][1])


def member_added(data: bytes, parent: Pointer, key: str, value: Any, order: Sequence[str] = ()) -> Splice | None:
    """Add a key to an object: behind its neighbour in ``order``, else before the next one there, else at the end."""
    place = span(data, parent)
    if place is None or data[place[0] : place[0] + 1] != b"{":
        return None
    found = list(members(data, parent))
    if not found:
        return _first_member(data, place, key, value)
    index, is_before = _neighbour([name for name, _, _ in found], key, order)
    colon = _colon(data, parent, found[index][0])
    gap = _gap(data, place[0], found, index, b" " if colon.endswith(b" ") else b"")
    text = written(data, key) + colon + _indented(data, value, gap, colon)
    _, start, end = found[index]
    return Splice(start, start, text + gap) if is_before else Splice(end, end, gap + text)


def _neighbour(names: list[str], key: str, order: Sequence[str]) -> tuple[int, bool]:
    """Return the member beside which a key goes, and whether it goes before it."""
    place = order.index(key) if key in order else len(order)
    for other in reversed(order[:place]):
        if other in names:
            return names.index(other), False
    after = next((other for other in order[place + 1 :] if other in names), None)
    return (len(names) - 1, False) if after is None else (names.index(after), True)


def _gap(data: bytes, start: int, found: list[tuple[str, int, int]], index: int, blank: bytes) -> bytes:
    """Return what stands between two members of this object, blank lines left out."""
    if len(found) == 1:
        around = data[start + 1 : found[0][1]]
        return b"," + (_squeezed(around) or blank)
    index = min(index, len(found) - 2)
    before, _, behind = data[found[index][2] : found[index + 1][1]].partition(b",")
    return _squeezed(before) + b"," + _squeezed(behind)


def _squeezed(blanks: bytes) -> bytes:
    """Reduce white space to one line end and the indentation behind it, or to one blank."""
    head, newline, indent = blanks.rpartition(b"\n")
    if not newline:
        return b" " if blanks else b""
    return (b"\r\n" if head.endswith(b"\r") else b"\n") + indent


def _colon(data: bytes, parent: Pointer, name: str) -> bytes:
    """Return the colon as the neighbour has it; an aligned one is no model."""
    key, value = span(data, (*parent, name), on_key=True), span(data, (*parent, name))
    text = data[key[1] : value[0]] if key and value else b""
    return text if _COLON.fullmatch(text) else b": "


def _indented(data: bytes, value: Any, gap: bytes, colon: bytes) -> bytes:
    """Write a value as its surroundings are written: on lines of its own below ``gap``, or on one line."""
    _, newline, tail = gap.rpartition(b"\n")
    if not isinstance(value, dict | list) or not newline:
        return written(data, value, None, colon)
    indent = tail[: len(tail) - len(tail.lstrip(b" \t"))]
    base = (b"\r\n" if b"\r\n" in gap else b"\n") + indent
    return written(data, value, _unit(data)).replace(b"\n", base)


def _unit(data: bytes) -> str:
    """Return the indentation of one level: that of the document's first member."""
    first = next(members(data), None)
    if first is None:
        return _UNIT
    indent = data[data.rfind(b"\n", 0, first[1]) + 1 : first[1]]
    return indent.decode() if indent and not indent.strip(b" \t") else _UNIT


def _first_member(data: bytes, place: tuple[int, int], key: str, value: Any) -> Splice:
    """Fill an empty object: on lines of its own where the document has lines, or is nothing else."""
    head = data[data.rfind(b"\n", 0, place[0]) + 1 : place[0]]
    first = next(members(data), None)
    if b"\n" not in data.strip() and first is not None:
        colon = _colon(data, (), first[0])
        return Splice(place[0], place[1], b"{" + written(data, key) + colon + written(data, value, None, colon) + b"}")
    outer = (b"\r\n" if b"\r\n" in data else b"\n") + head[: len(head) - len(head.lstrip(b" \t"))]
    inner = outer + _unit(data).encode()
    text = written(data, key) + b": " + _indented(data, value, inner, b": ")
    return Splice(place[0], place[1], b"{" + inner + text + outer + b"}")

"""Edits of a JSON text that keep everything around them: line ends, indentation, order, spelling of characters."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.documents.places import members, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from widgetpack.model import Pointer

_COLON = re.compile(rb" ?:[ ]?")
_INDENT = re.compile(rb"[ \t]*")
_UNIT = "  "
"""Indentation of one level where the text shows none."""


class Splice(NamedTuple):
    """Where bytes of one text go, and what comes instead."""

    start: int
    end: int
    text: bytes = b""


class Group(NamedTuple):
    """An object of a text to which members are added: found once, however many they are."""

    data: bytes
    """The whole text."""
    pointer: Pointer
    place: tuple[int, int]
    members: tuple[tuple[str, int, int], ...]
    """As `documents.places.members` tells them."""
    first: Mapping[str, int]
    """Where in ``members`` each name stands first."""


class Beside(NamedTuple):
    """Where a new member goes: the index of a member that is there, and on which side of it."""

    member: int
    is_before: bool


def written(data: bytes, value: Any, indent: str | None = None, colon: bytes = b": ") -> bytes:
    """Return a value as JSON, its characters escaped where the text ``data`` escapes its own; one line unless ``indent``."""
    separators = (", " if colon.endswith(b" ") and indent is None else ",", colon.decode())
    if not _escapes(data):
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


def group_at(data: bytes, pointer: Pointer) -> Group | None:
    """Return the object at ``pointer``, or None where there is none."""
    place = span(data, pointer)
    if place is None or data[place[0] : place[0] + 1] != b"{":
        return None
    found = tuple(members(data, pointer))
    first: dict[str, int] = {}
    for at, (name, _, _) in enumerate(found):
        first.setdefault(name, at)
    return Group(data, pointer, place, found, first)


def sides(group: Group, order: Iterable[str]) -> dict[str, Beside]:
    """Return where each key of ``order`` goes that a group lacks: behind its neighbour there, else before the next one."""
    found: dict[str, Beside] = {}
    waiting: list[str] = []
    last: int | None = None
    for key in order:
        index = group.first.get(key)
        if index is not None:
            found |= dict.fromkeys(waiting, Beside(index, is_before=True))
            waiting, last = [], index
        elif last is None:
            waiting.append(key)
        else:
            found[key] = Beside(last, is_before=False)
    return found


def member_added(group: Group, key: str, value: Any, beside: Beside | None = None) -> Splice:
    """Add a key to an object: where ``beside`` says, else at the end."""
    data, found = group.data, group.members
    if not found:
        return _first_member(data, group.place, key, value)
    index, is_before = beside or (len(found) - 1, False)
    name, start, end = found[index]
    colon = _colon(data, group.pointer, name)
    gap = _gap(group, index, b" " if colon.endswith(b" ") else b"")
    text = written(data, key) + colon + _indented(data, value, gap, colon)
    return Splice(start, start, text + gap) if is_before else Splice(end, end, gap + text)


def _gap(group: Group, index: int, blank: bytes) -> bytes:
    """Return what stands between two members of this object, blank lines left out."""
    data, found = group.data, group.members
    if len(found) == 1:
        around = data[group.place[0] + 1 : found[0][1]]
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


@lru_cache(maxsize=8)
def _escapes(data: bytes) -> bool:
    """Tell whether a text escapes what is not ASCII."""
    return data.isascii() and b"\\u" in data


@lru_cache(maxsize=8)
def _newline(data: bytes) -> bytes:
    return b"\r\n" if b"\r\n" in data else b"\n"


@lru_cache(maxsize=8)
def _is_one_line(data: bytes) -> bool:
    return b"\n" not in data.strip()


def _unit(data: bytes) -> str:
    """Return the indentation of one level: that of the document's first member."""
    first = next(members(data), None)
    if first is None:
        return _UNIT
    indent = data[data.rfind(b"\n", 0, first[1]) + 1 : first[1]]
    return indent.decode() if indent and not indent.strip(b" \t") else _UNIT


def _first_member(data: bytes, place: tuple[int, int], key: str, value: Any) -> Splice:
    """Fill an empty object: on lines of its own where the document has lines, or is nothing else."""
    first = next(members(data), None)
    if first is not None and _is_one_line(data):
        colon = _colon(data, (), first[0])
        return Splice(place[0], place[1], b"{" + written(data, key) + colon + written(data, value, None, colon) + b"}")
    indent = _INDENT.match(data, data.rfind(b"\n", 0, place[0]) + 1, place[0])
    outer = _newline(data) + (indent[0] if indent else b"")
    inner = outer + _unit(data).encode()
    text = written(data, key) + b": " + _indented(data, value, inner, b": ")
    return Splice(place[0], place[1], b"{" + inner + text + outer + b"}")

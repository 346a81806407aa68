"""From a byte offset or a JSON pointer to line and column.

Computed only for findings, so that a clean widget never pays for a parser with positions. An object is read once, when the
first of its members is asked for: ten thousand findings in it cost little more than one.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.documents.lines import Spot, spot
from widgetpack.model import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Language, Node

    from widgetpack.model import Place, Pointer

__all__ = ["Spot", "duplicate_keys", "locate", "members", "pointer_offset", "span", "spot"]


class _Member(NamedTuple):
    """A key of an object, with all that belongs to it."""

    name: str
    pair: Node
    key: Node
    value: Node | None
    """None where the text breaks off behind the key."""


class _Step(NamedTuple):
    """What one key or index of a pointer leads to."""

    key: Node | None
    """None for the document itself and for an item of an array."""
    value: Node


class _Inside(NamedTuple):
    """What an object or an array holds; nothing, for any other value."""

    members: tuple[_Member, ...]
    """In the order of the text, equal keys included."""
    steps: Mapping[str | int, _Step]


class _Text(NamedTuple):
    """A parsed document."""

    root: Node | None
    mark: int
    """Bytes before the text as the parser knows it."""
    known: dict[int, _Inside]
    """What has been read of it, by the id of the node."""


def locate(data: bytes, place: Place) -> Spot:
    """Return line, column (both 1-based, columns in characters) and source line of ``place`` in its file's bytes."""
    if place.pointer is None and place.offset is None:
        return Spot(1, 1, "")
    offset = place.offset
    if offset is None:
        offset = pointer_offset(place.path, data, place.pointer or (), on_key=place.on_key)
    return spot(data, offset)


def pointer_offset(path: str, data: bytes, pointer: Pointer, *, on_key: bool = False) -> int:
    """Return the byte offset of the value at ``pointer``, or of its nearest existing parent."""
    if path.endswith(".toml"):
        from widgetpack.documents.toml_places import toml_offset

        return toml_offset(data, pointer)
    text = _document(data)
    steps = _steps(text, pointer)
    if not steps:
        return text.mark
    key, value = steps[-1]
    is_there = len(steps) == len(pointer) + 1
    return text.mark + (key if key is not None and on_key and is_there else value).start_byte


def span(data: bytes, pointer: Pointer, *, on_key: bool = False) -> tuple[int, int] | None:
    """Return start and end in bytes of exactly the value at ``pointer`` (or of its key), or None where there is none."""
    text = _document(data)
    steps = _steps(text, pointer)
    if len(steps) <= len(pointer):
        return None
    found = steps[-1].key if on_key else steps[-1].value
    return None if found is None else (found.start_byte + text.mark, found.end_byte + text.mark)


def duplicate_keys(data: bytes) -> list[tuple[str, int]]:
    """Return (key, byte offset) of every key that its object has set before, in the order of the text."""
    from tree_sitter import Query, QueryCursor

    text = _document(data)
    if text.root is None:
        return []
    found = []
    for node in QueryCursor(Query(_language(), "(object) @object")).captures(text.root).get("object", []):
        seen = set()
        for member in _inside(text, node).members:
            if member.name in seen:
                found.append((member.name, member.key.start_byte + text.mark))
            seen.add(member.name)
    return sorted(found, key=lambda item: item[1])


def members(data: bytes, pointer: Pointer = ()) -> Iterator[tuple[str, int, int]]:
    """Yield (key, start, end) in bytes of each member of the object at ``pointer``."""
    text = _document(data)
    steps = _steps(text, pointer)
    for member in _inside(text, steps[-1].value).members if len(steps) > len(pointer) else ():
        yield member.name, member.pair.start_byte + text.mark, member.pair.end_byte + text.mark


def _steps(text: _Text, pointer: Pointer) -> list[_Step]:
    """Return the document and what each key of ``pointer`` leads to, as far as the text goes."""
    if text.root is None:
        return []
    steps = [_Step(None, text.root)]
    for key in pointer:
        step = _inside(text, steps[-1].value).steps.get(key)
        if step is None:
            break
        steps.append(step)
    return steps


def _inside(text: _Text, node: Node) -> _Inside:
    """Return what ``node`` holds; the last of equal keys counts, as in every JSON parser."""
    known = text.known.get(node.id)
    if known is None:
        found = tuple(_members(node)) if node.type == "object" else ()
        steps: dict[str | int, _Step] = {name: _Step(key, value) for name, _, key, value in found if value is not None}
        if node.type == "array":
            items = (child for child in node.named_children if child.type != "comment")
            steps |= {index: _Step(None, item) for index, item in enumerate(items)}
        known = text.known[node.id] = _Inside(found, steps)
    return known


def _members(node: Node) -> Iterator[_Member]:
    for pair in node.named_children:
        key = pair.child_by_field_name("key") if pair.type == "pair" else None
        if key is not None:
            name = _string((key.text or b"").decode("utf-8", "replace"))
            yield _Member(name, pair, key, pair.child_by_field_name("value"))


def _string(raw: str) -> str:
    """Return what a string in double quotes stands for, or its text where JSON does not know an escape."""
    try:
        return str(json.loads(raw))
    except ValueError:
        return raw


@lru_cache(maxsize=1)
def _language() -> Language:
    import tree_sitter_json
    from tree_sitter import Language

    return Language(tree_sitter_json.language())


_PLUS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|//[^\r\n]*+|/\*.*?(?:\*/|\Z)|[0-9][eE]\+', re.DOTALL)


def _without_plus(match: re.Match[bytes]) -> bytes:
    """Write `1e+2` as `1e02`: the grammar (0.24.8) does not know the plus, and loses the values around it."""
    return match[0].replace(b"+", b"0") if match[0][:1].isdigit() else match[0]


@lru_cache(maxsize=16)
def _document(data: bytes) -> _Text:
    """Parse a text as far as it is JSON."""
    from tree_sitter import Parser

    body = data.removeprefix(BOM)
    tree = Parser(_language()).parse(_PLUS.sub(_without_plus, body))
    values = [child for child in tree.root_node.named_children if child.type not in {"comment", "ERROR"}]
    return _Text(values[0] if values else None, len(data) - len(body), {})

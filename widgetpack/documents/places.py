"""From a byte offset or a JSON pointer to line and column.

Computed only for findings, so that a clean widget never pays for a parser with positions.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.model import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language, Node

    from widgetpack.model import Place, Pointer

_SHOWN = 400
"""Characters of a source line that a report may show; a minified line can be a megabyte."""


class Spot(NamedTuple):
    """A place as an editor counts it."""

    line: int
    column: int
    text: str
    """The source line without its end; empty for a place in a file without lines."""


def locate(data: bytes, place: Place) -> Spot:
    """Return line, column (both 1-based, columns in characters) and source line of ``place`` in its file's bytes."""
    if place.pointer is None and place.offset is None:
        return Spot(1, 1, "")
    offset = place.offset
    if offset is None:
        offset = pointer_offset(place.path, data, place.pointer or (), on_key=place.on_key)
    return spot(data, offset)


def spot(data: bytes, offset: int) -> Spot:
    """Return the line and column of a byte offset; past the end means the end."""
    offset = max(0, min(offset, len(data)))
    start = data.rfind(b"\n", 0, offset) + 1
    end = data.find(b"\n", offset)
    line = data[start : end if end >= 0 else len(data)].removesuffix(b"\r")
    before = data[start:offset]
    if start == 0:
        line, before = line.removeprefix(BOM), before.removeprefix(BOM)
    column = len(before.decode("utf-8", "replace")) + 1
    text = line.decode("utf-8", "replace")
    return Spot(data.count(b"\n", 0, offset) + 1, column, text if len(text) <= _SHOWN else "")


def pointer_offset(path: str, data: bytes, pointer: Pointer, *, on_key: bool = False) -> int:
    """Return the byte offset of the value at ``pointer``, or of its nearest existing parent."""
    if path.endswith(".toml"):
        return _toml_offset(data, pointer)
    node = _document(data)
    mark = len(BOM) if data.startswith(BOM) else 0
    if node is None:
        return mark
    at = node.start_byte
    for depth, key in enumerate(pointer):
        step = _step(node, key)
        if step is None:
            break
        key_node, node = step
        last = depth == len(pointer) - 1
        at = key_node.start_byte if key_node is not None and on_key and last else node.start_byte
    return at + mark


def span(data: bytes, pointer: Pointer, *, on_key: bool = False) -> tuple[int, int] | None:
    """Return start and end in bytes of exactly the value at ``pointer`` (or of its key), or None where there is none."""
    key_node: Node | None = None
    node = _document(data)
    for key in pointer:
        step = None if node is None else _step(node, key)
        if step is None:
            return None
        key_node, node = step
    found = key_node if on_key else node
    mark = len(BOM) if data.startswith(BOM) else 0
    return None if found is None else (found.start_byte + mark, found.end_byte + mark)


def duplicate_keys(data: bytes) -> list[tuple[str, int]]:
    """Return (key, byte offset) of every key that its object has set before, in the order of the text."""
    from tree_sitter import Query, QueryCursor

    mark = len(BOM) if data.startswith(BOM) else 0
    root = _document(data)
    if root is None:
        return []
    found = []
    for node in QueryCursor(Query(_language(), "(object) @object")).captures(root).get("object", []):
        seen = set()
        for pair in node.named_children:
            key_node = pair.child_by_field_name("key") if pair.type == "pair" else None
            if key_node is None:
                continue
            key = _text(key_node)
            if key in seen:
                found.append((key, key_node.start_byte + mark))
            seen.add(key)
    return sorted(found, key=lambda item: item[1])


def members(data: bytes, pointer: Pointer = ()) -> Iterator[tuple[str, int, int]]:
    """Yield (key, start, end) in bytes of each member of the object at ``pointer``."""
    mark = len(BOM) if data.startswith(BOM) else 0
    node = _document(data)
    for key in pointer:
        step = None if node is None else _step(node, key)
        node = None if step is None else step[1]
    for pair in [] if node is None else node.named_children:
        key_node = pair.child_by_field_name("key") if pair.type == "pair" else None
        if key_node is not None:
            yield _text(key_node), pair.start_byte + mark, pair.end_byte + mark


def _step(node: Node, key: str | int) -> tuple[Node | None, Node] | None:
    """Go one key or index down; the last of equal keys counts, as in every JSON parser."""
    if isinstance(key, int):
        items = [child for child in node.named_children if child.type != "comment"] if node.type == "array" else []
        return (None, items[key]) if key < len(items) else None
    found = None
    for pair in node.named_children if node.type == "object" else []:
        key_node, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key_node is not None and value is not None and _text(key_node) == key:
            found = (key_node, value)
    return found


def _text(node: Node) -> str:
    """Return the value of a JSON string's node."""
    return _string((node.text or b"").decode("utf-8", "replace"))


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


@lru_cache(maxsize=8)
def _document(data: bytes) -> Node | None:
    """Return the node of the document's value."""
    from tree_sitter import Parser

    tree = Parser(_language()).parse(_PLUS.sub(_without_plus, data.removeprefix(BOM)))
    values = [child for child in tree.root_node.named_children if child.type not in {"comment", "ERROR"}]
    return values[0] if values else None


_TOML = re.compile(
    rb'#[^\n]*|"""(?:[^"\\]|\\.|"(?!""))*+"*|\'\'\'.*?\'\'\'+|"(?:[^"\\]|\\.)*+"|\'[^\']*\'|[\[\]{},=.\n]|[^\s#"\'\[\]{},=.]++',
    re.DOTALL,
)


def _toml_offset(data: bytes, pointer: Pointer) -> int:
    """Find a key or an item of a list in a config file, or the nearest parent that the text names."""
    offsets = _toml_offsets(data)
    while pointer and pointer not in offsets:
        pointer = pointer[:-1]
    return offsets.get(pointer, len(BOM) if data.startswith(BOM) else 0)


@lru_cache(maxsize=2)
def _toml_offsets(data: bytes) -> dict[Pointer, int]:
    """Return where each key and each item of a valid TOML text stands; of a key that is named again the first place."""
    start = len(BOM) if data.startswith(BOM) else 0
    tokens = [match for match in _TOML.finditer(data, start) if not match[0].startswith(b"#")]
    offsets: dict[Pointer, int] = {}
    table: Pointer = ()
    at = 0
    while at < len(tokens):
        token = tokens[at][0]
        if token == b"\n":
            at += 1
        elif token == b"[":
            double = tokens[at + 1 : at + 2] and tokens[at + 1][0] == b"["
            table, at = _toml_key(tokens, at + (2 if double else 1), (), offsets, b"]")
            at += 1 if double else 0
        else:
            path, at = _toml_key(tokens, at, table, offsets, b"=")
            at = _toml_value(tokens, at, path, offsets)
    return offsets


def _toml_key(
    tokens: list[re.Match[bytes]], at: int, base: Pointer, offsets: dict[Pointer, int], end: bytes
) -> tuple[Pointer, int]:
    """Read a dotted key up to ``end``; return its path and the place behind."""
    path = base
    while at < len(tokens) and tokens[at][0] != end:
        if tokens[at][0] != b".":
            path = (*path, _toml_name(tokens[at][0]))
            offsets.setdefault(path, tokens[at].start())
        at += 1
    return path, at + 1


def _toml_name(token: bytes) -> str:
    text = token.decode("utf-8", "replace")
    if text.startswith("'"):
        return text[1:-1]
    return _string(text) if text.startswith('"') else text


def _toml_value(tokens: list[re.Match[bytes]], at: int, path: Pointer, offsets: dict[Pointer, int]) -> int:
    """Walk over one value, noting what lists and inline tables in it hold; return the place behind."""
    around: list[tuple[Pointer, int | None]] = []  # each open bracket: its path, and the next index of a list
    fresh = False  # whether a list's item may begin here
    while at < len(tokens):
        token = tokens[at][0]
        if token == b"\n":
            if not around:
                return at
        elif token in (b"]", b"}"):
            around.pop()
            fresh = False
        elif token == b",":
            fresh = True
        else:
            if fresh and around and around[-1][1] is not None:
                base, index = around[-1]
                path = (*base, index or 0)
                offsets.setdefault(path, tokens[at].start())
                around[-1] = (base, (index or 0) + 1)
            elif fresh and around:
                path, at = _toml_key(tokens, at, around[-1][0], offsets, b"=")
                token = tokens[at][0] if at < len(tokens) else b""
            fresh = token in (b"[", b"{")
            if fresh:
                around.append((path, 0 if token == b"[" else None))
        at += 1
    return at

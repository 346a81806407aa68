"""From a pointer into a TOML text to a byte offset: `tomllib` tells what a text says, and not where."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING

from widgetpack.model import BOM

if TYPE_CHECKING:
    from widgetpack.model import Pointer

_TOML = re.compile(
    rb'#[^\n]*|"""(?:[^"\\]|\\.|"(?!""))*+"*|\'\'\'.*?\'\'\'+|"(?:[^"\\]|\\.)*+"|\'[^\']*\'|[\[\]{},=.\n]|[^\s#"\'\[\]{},=.]++',
    re.DOTALL,
)


def toml_offset(data: bytes, pointer: Pointer) -> int:
    """Return the byte offset of a key or an item of a list in a config file, or of the nearest parent that the text names."""
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
    if not text.startswith('"'):
        return text
    try:
        return str(tomllib.loads(f"key = {text}")["key"])
    except tomllib.TOMLDecodeError:
        return text


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

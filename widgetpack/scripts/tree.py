"""The syntax tree of one script, by tree-sitter, within limits of size, depth and time; nothing here recurses."""

from __future__ import annotations

import re
import time
import warnings
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import tree_sitter
import tree_sitter_javascript

from widgetpack.scripts import esbuild_py

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Tree

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 1_000
"""Nested brackets, or bare statements within each other. Printing 20,000 nested blocks costs esbuild 7 GB."""
MAX_SECONDS: Final = 3.0
"""Error recovery of tree-sitter is not linear: 100 KB of random tokens can take minutes."""

_STEPS: Final = {ord(c): 1 for c in "([{"} | {ord(c): -1 for c in ")]}"}
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(_STEPS))
_TEXTS: Final = (
    rb"""/\*.*?(?:\*/|\Z)|//[^\n]*+|"(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\Z)|'(?:\\.|[^'\\\n])*+(?:'|(?=\n)|\Z)"""
    rb"""|`(?:\\.|[^`\\])*+(?:`|\Z)"""
)
"""Also those without an end: trying each start of one anew takes the square of the text."""
_BARE_ONE: Final = rb"(?:(?:\b(?:if|while|for|with)\s*+\([^()]{0,80}\)|\bdo\b|\b\w{1,20}+\s*+:(?!:)|[!~])\s*+)"
_BARE: Final = _BARE_ONE + rb"++"
_BARE_SOME: Final = (rb"[):!~]\s*" + _BARE_ONE + rb"{20}", rb"do\s+do\s+do\s+do\b")
"""One of these is in every long row of bare statements; found six times as fast, for they start with few signs."""
_BARE_SIGNS: Final = (b"if", b"while", b"for", b"with", b"do", b":", b"!", b"~")


@cache
def language() -> tree_sitter.Language:
    """Return the JavaScript grammar."""
    return tree_sitter.Language(tree_sitter_javascript.language())


@cache
def _query(source: str) -> tree_sitter.Query:
    """Compile a query once per process."""
    return tree_sitter.Query(language(), source)


def captures(node: Node, source: str) -> dict[str, list[Node]]:
    """Run the query ``source`` under ``node``; each capture's nodes in the order of the text."""
    found = tree_sitter.QueryCursor(_query(source)).captures(node)
    return {name: sorted(nodes, key=lambda n: (n.start_byte, -n.end_byte)) for name, nodes in found.items()}


def _depth(data: bytes) -> int:
    """Return how deep the brackets of ``data`` nest, brackets in strings and comments included."""
    brackets = data.translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def too_deep(data: bytes) -> bool:
    """Tell whether ``data`` nests deeper than `MAX_DEPTH`; cheap, without parsing."""
    if _depth(data) > MAX_DEPTH and _depth(re.sub(_TEXTS, b"", data, flags=re.DOTALL)) > MAX_DEPTH:
        return True
    if len(data) <= _SMALL and sum(map(data.count, _BARE_SIGNS)) <= MAX_DEPTH:
        return False
    rows = re.finditer(_BARE, data) if any(re.search(some, data) for some in _BARE_SOME) else ()
    return any(row.end() - row.start() > MAX_DEPTH and len(re.findall(_BARE_ONE, row[0])) > MAX_DEPTH for row in rows)


def _parse(data: bytes) -> Tree | None:
    parser = tree_sitter.Parser(language())
    # A sound program is parsed in linear time. The limit is for the others only, as each way to set it has a price:
    # in 0.25 a deprecation warning (and a crash with callbacks), in 0.26 a leak of what the callback returns.
    if len(data) <= _SMALL or esbuild_py.transform(data.decode("utf-8-sig", "replace")) is not None:
        return parser.parse(data)
    try:
        if hasattr(tree_sitter.Parser, "timeout_micros"):
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                setattr(parser, "timeout_micros", int(MAX_SECONDS * 1e6))  # noqa: B010
            return parser.parse(data)
        end = time.monotonic() + MAX_SECONDS
        return parser.parse(lambda offset, _: data[offset:], progress_callback=lambda _o, _e: time.monotonic() > end)
    except ValueError:
        return None


_SMALL: Final = 20_000
_parse_small = lru_cache(maxsize=64)(_parse)
_parse_large = lru_cache(maxsize=3)(_parse)


def parse(data: bytes) -> Tree | None:
    """Parse UTF-8 ``data`` (offsets are bytes of ``data``, a byte order mark counts), or None past `MAX_SECONDS`.

    Call `too_deep` and compare with `MAX_BYTES` first. Trees are remembered: many of small texts, few of large ones.
    """
    return _parse_small(data) if len(data) <= _SMALL else _parse_large(data)


def chain(root: Node, start: int, end: int) -> list[Node]:
    """Return the nodes that hold the bytes ``start``..``end``, from ``root`` down to the smallest one."""
    cursor = root.walk()
    found = [root]
    while cursor.goto_first_child_for_byte(start) is not None:
        node = cursor.node
        # A child that ends where the range starts is no holder of it: go on to the next one.
        while node is not None and node.end_byte <= start and cursor.goto_next_sibling():
            node = cursor.node
        if node is None or node.start_byte > start or node.end_byte < end:
            break
        found.append(node)
    return found


def leaves(root: Node) -> Iterator[Node]:
    """Yield the tokens under ``root`` in order."""
    cursor = root.walk()
    while True:
        while cursor.goto_first_child():
            pass
        if cursor.node is not None:
            yield cursor.node
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


_ESCAPE: Final = r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|(\r\n|.))"
_SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "v": "\v", "f": "\f"}
_UNICODE_END: Final = 0x110000


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        code = int(digits, 16)
        return chr(code) if code < _UNICODE_END else match[0]
    if match[4]:
        return chr(int(match[4], 8))
    if match[5] in ("\n", "\r\n", "\r", "\u2028", "\u2029"):
        return ""
    return _SINGLE.get(match[5], match[5])


def string_value(literal: str) -> str:
    """Return what a string literal, or a template without substitutions, stands for: its quotes and escapes undone."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    return re.sub(_ESCAPE, _unescape, body, flags=re.DOTALL)

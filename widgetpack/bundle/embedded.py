"""Lowering one script with esbuild-py: JSX becomes calls, comments go, text in other alphabets stays readable."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from widgetpack.scripts import esbuild_py
from widgetpack.scripts.tree import captures, parse, string_value, too_deep

_ESCAPE: Final = re.compile(r"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})")
_LEGAL: Final = re.compile(rb"\A/[/*]!|@(?:license|preserve|cc_on)")
_PURE: Final = "/* @__PURE__ */ "
_ASCII_END: Final = 0x80
_HIGH: Final = range(0xD800, 0xDC00)
_LOW: Final = range(0xDC00, 0xE000)

_ESCAPED: Final = r"""
(escape_sequence) @escape
((identifier) @name (#match? @name "\\\\u"))
((property_identifier) @name (#match? @name "\\\\u"))
((private_property_identifier) @name (#match? @name "\\\\u"))
((shorthand_property_identifier) @name (#match? @name "\\\\u"))
((shorthand_property_identifier_pattern) @name (#match? @name "\\\\u"))
((statement_identifier) @name (#match? @name "\\\\u"))
(call_expression arguments: (template_string (escape_sequence) @raw))
"""


@lru_cache(maxsize=esbuild_py.CACHED)
def lower(text: str) -> str:
    """Return ``text`` lowered by esbuild, or unchanged where esbuild is absent, refuses it, or would make it longer.

    Lengths are compared in UTF-8 bytes. A text with JSX is lowered even if it grows. Legal comments (``/*!``, ``@license``)
    stay, as esbuild keeps them. Every escape of a printable character is undone in strings,
    untagged templates and names, which does not change what they mean.
    """
    data = text.encode("utf-8", "replace")
    if not esbuild_py.available() or too_deep(data) or esbuild_py.transform(text.removeprefix("\ufeff")) is None:
        return text
    printed = esbuild_py.transform(without_comments(data)) or esbuild_py.transform(text.removeprefix("\ufeff"))
    if _PURE not in text:  # then every one is esbuild's own, written before the calls that JSX became
        printed = (printed or "").replace(_PURE, "")
    readable = unescape(printed or "")
    if len(readable.encode("utf-8", "replace")) <= len(data):
        return readable
    return readable if _has_jsx(data) else text


def _has_jsx(data: bytes) -> bool:
    tree = parse(data) if b"<" in data else None
    return tree is not None and bool(captures(tree.root_node, "(jsx_element) @jsx (jsx_self_closing_element) @jsx"))


def without_comments(data: bytes) -> str:
    """Blank out all comments but legal ones: esbuild would keep those before members of classes, objects and lists.

    A comment that spans lines becomes one line end, which may stand for a semicolon.
    """
    text = data.decode("utf-8-sig")
    if "//" not in text and "/*" not in text:
        return text
    tree = parse(data)
    if tree is None or tree.root_node.has_error:
        return text
    pieces, done = [], 0
    for node in captures(tree.root_node, "(comment) @comment").get("comment", []):
        comment = data[node.start_byte : node.end_byte]
        if not _LEGAL.search(comment):
            pieces += [data[done : node.start_byte], b"\n" if b"\n" in comment else b" "]
            done = node.end_byte
    return b"".join([*pieces, data[done:]]).decode("utf-8-sig")


def unescape(text: str) -> str:
    r"""Return esbuild's output with ``\u043A`` and the like turned back into characters, where they are printable.

    Left alone: ``\\u0041`` (an escaped back-slash), regular expressions, tagged templates, control characters, blanks
    such as ``\xA0``, lone surrogates.
    """
    if _ESCAPE.search(text) is None:
        return text
    data = text.encode("utf-8", "replace")
    tree = parse(data)
    if tree is None:
        return text
    found = captures(tree.root_node, _ESCAPED)
    raw = {node.start_byte for node in found.get("raw", [])}
    escapes = [(n.start_byte, n.end_byte) for n in found.get("escape", []) if n.start_byte not in raw]
    for name in found.get("name", []):
        written = data[name.start_byte : name.end_byte].decode()
        escapes += [(name.start_byte + m.start(), name.start_byte + m.end()) for m in _ESCAPE.finditer(written)]
    return _replaced(data, sorted(escapes)).decode()


def _replaced(data: bytes, escapes: list[tuple[int, int]]) -> bytes:
    pieces: list[bytes] = []
    done = index = 0
    while index < len(escapes):
        start, end = escapes[index]
        index += 1
        code = _code(data[start:end])
        if code in _HIGH and index < len(escapes) and escapes[index][0] == end:
            low = _code(data[end : escapes[index][1]])
            if low in _LOW:
                code, end = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), escapes[index][1]
                index += 1
        if code >= _ASCII_END and chr(code).isprintable():
            pieces += [data[done:start], chr(code).encode()]
            done = end
    return b"".join([*pieces, data[done:]])


def _code(escape: bytes) -> int:
    """Return the code point of one escape of the three numeric kinds, or 0 for any other."""
    written = escape.decode()
    return ord(string_value(f'"{written}"')[0]) if _ESCAPE.fullmatch(written) else 0

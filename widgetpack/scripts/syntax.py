"""Where a script's syntax breaks: esbuild is the judge, tree-sitter says the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.model import Fault
from widgetpack.scripts import esbuild_py
from widgetpack.scripts.tree import MAX_BYTES, leaves, too_deep

if TYPE_CHECKING:
    from tree_sitter import Node


def unreadable(data: bytes) -> Fault | None:
    """Return why ``data`` must not reach a parser, or None."""
    if len(data) > MAX_BYTES:
        return Fault(
            "too-large", f"{len(data) / 1e6:.1f} MB: scripts over {MAX_BYTES // 1_000_000} MB are not read", None
        )
    if (nul := data.find(0)) >= 0:
        return Fault("nul", "holds a NUL byte", nul)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return Fault("encoding", "is not UTF-8", error.start)
    return Fault("too-deep", "nests too deeply to be read", None) if too_deep(data) else None


def verdict(data: bytes, root: Node | None) -> Fault | None:
    """Let esbuild judge the syntax, or tree-sitter where it is absent; the place is tree-sitter's."""
    if esbuild_py.available():
        if esbuild_py.transform(data.decode("utf-8-sig")) is not None:
            return None
    elif root is not None and not root.has_error:
        return None
    message, offset = ("not JavaScript", None) if root is None else _first_error(root, data)
    return Fault("syntax", message, offset)


def _first_error(root: Node, data: bytes) -> tuple[str, int | None]:
    """Return what is wrong and where; the place is None where tree-sitter finds nothing."""
    if not root.has_error:
        return "not JavaScript: esbuild refuses it", None
    if (bracket := _unbalanced(root)) is not None:
        return bracket
    node = root
    while not (node.is_missing or node.is_error):
        inner = next((c for c in node.children if c.has_error or c.is_missing or c.is_error), None)
        if inner is None:
            break
        node = inner
    if node.is_missing:
        return f"missing `{node.type}`", node.start_byte
    end = min(node.end_byte, len(data))
    if node.start_byte >= end:
        # An empty error node stands between two tokens: the next one is the unexpected one.
        rest = data[node.start_byte :].decode("utf-8", "replace").lstrip()
        return (f"unexpected `{_token(rest)}`" if rest else "unexpected end of the file"), node.start_byte
    return f"unexpected `{_token(data[node.start_byte : end].decode('utf-8', 'replace'))}`", node.start_byte


def _token(text: str) -> str:
    """Return the first word or sign of ``text``, cut at 20 characters."""
    match = re.match(r"\s*([\w$]{1,20}|\S)", text)
    return match[1] if match else text[:1]


_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def _unbalanced(root: Node) -> tuple[str, int] | None:
    """Return the first bracket that closes the wrong one or nothing, else the last one that is never closed."""
    stack: list[tuple[str, int]] = []
    for leaf in leaves(root):
        kind = "{" if leaf.type == "${" else leaf.type
        if leaf.is_missing:
            continue
        if kind in ("(", "[", "{"):
            stack.append((kind, leaf.start_byte))
        elif kind in _PAIRS:
            if not stack:
                return f"unexpected `{kind}`: nothing is open here", leaf.start_byte
            if stack.pop()[0] != _PAIRS[kind]:
                return f"unexpected `{kind}`", leaf.start_byte
    return (f"`{stack[-1][0]}` is never closed", stack[-1][1]) if stack else None

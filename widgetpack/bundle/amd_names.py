"""Which names a script declares, and whether another script reaches for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.nodes import parameter_nodes, text_of
from widgetpack.scripts.tree import captures, chain, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

FUNCTIONS: Final = frozenset(
    {
        "function_expression",
        "function_declaration",
        "arrow_function",
        "method_definition",
        "generator_function",
        "generator_function_declaration",
        "class_static_block",
    }
)
_FUNCTION_QUERY: Final = " ".join(f"({kind}) @function" for kind in sorted(FUNCTIONS))
_DECLARED: Final = """
(variable_declarator name: (_) @name)
(function_declaration name: (_) @name)
(generator_function_declaration name: (_) @name)
(class_declaration name: (_) @name)
(function_expression name: (_) @name)
(class name: (_) @name)
(formal_parameters (_) @name)
(arrow_function parameter: (_) @name)
(catch_clause parameter: (_) @name)
(for_in_statement kind: _ left: (_) @name)
"""
_PLAIN: Final = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_LEAVES: Final = "(identifier) @leaf (shorthand_property_identifier_pattern) @leaf"
_OWN_SCOPE: Final = ("function_declaration", "generator_function_declaration")
_GLOBAL_OWNERS: Final = ("window", "self", "globalThis", "this", "top", "parent")
_PAGES: Final = (".html", ".htm", ".twig", ".php")


@lru_cache(maxsize=128)
def words(text: str) -> frozenset[str]:
    """Return every word of ``text`` that could be a name, strings and comments included."""
    return frozenset(re.findall(r"[\w$]+", text))


def declarations(root: Node, data: bytes) -> Iterator[tuple[str, int]]:
    """Yield every declared name with its place; of a pattern with defaults, names that are only used come along."""
    for node in captures(root, _DECLARED).get("name", []):
        for leaf in [node] if node.type in _PLAIN else captures(node, _LEAVES).get("leaf", []):
            yield text_of(leaf, data), leaf.start_byte


def function_spans(root: Node) -> list[tuple[int, int, str]]:
    """Return the start, end and type of every function under ``root``, in the order of the text."""
    return [(n.start_byte, n.end_byte, n.type) for n in captures(root, _FUNCTION_QUERY).get("function", [])]


@lru_cache(maxsize=64)
def globals_of(data: bytes) -> frozenset[str]:
    """Return the names that a script makes global; remembered, for a save changes one script of many."""
    tree = parse(data)
    return frozenset() if tree is None else top_level_names(tree.root_node, data)


def top_level_names(root: Node, data: bytes) -> frozenset[str]:
    """Return the names that the script declares outside any function (also inside blocks): its globals."""
    outer: list[tuple[int, int]] = []
    starts: dict[int, tuple[int, int]] = {}
    for start, end, kind in function_spans(root):
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
            if kind in _OWN_SCOPE:
                starts[start] = (start, end)
    names = {n for n, at in declarations(root, data) if not any(s <= at < e for s, e in outer)}
    for start, end in starts.values():
        holder = chain(root, start, end)[-1]
        named = holder.child_by_field_name("name")
        if named is not None:
            names.add(text_of(named, data))
    return frozenset(names)


def mentions_global(names: Iterable[str], path: str, data: bytes, root: Node | None) -> str:
    """Return the first of ``names`` that the file may reach as a global, or an empty string.

    In a script: a free name, ``window.name``, or a string that holds ``name(`` or ``name.``; in a page: the bare word.
    """
    for name in sorted(names):
        pattern = re.compile(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])")
        hits = [m.span() for m in pattern.finditer(data)]
        if not hits:
            continue
        if root is None:
            if path.endswith(_PAGES):
                return name
            continue
        if _reaches(hits, name, data, root):
            return name
    return ""


def _reaches(hits: list[tuple[int, int]], name: str, data: bytes, root: Node) -> bool:
    scopes = function_spans(root)
    bound = [_scope(at, scopes, root) for declared, at in declarations(root, data) if declared == name]
    for start, end in hits:
        leaf = chain(root, start, end)
        kind = leaf[-1].type
        if kind in ("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"):
            if not any(s <= start < e and (s, e) != (root.start_byte, root.end_byte) for s, e in bound):
                return True
        elif kind in ("property_identifier", "private_property_identifier"):
            owner = leaf[-2].child_by_field_name("object") if len(leaf) > 1 else None
            if owner is not None and text_of(owner, data) in _GLOBAL_OWNERS:
                return True
        elif kind not in ("comment", "html_comment") and data[end : end + 1] in (b"(", b".", b"'", b'"'):
            return True
    return False


def _scope(at: int, spans: list[tuple[int, int, str]], root: Node) -> tuple[int, int]:
    """Return the span of the function that a name declared at ``at`` belongs to, or of the whole program."""
    holders = [(s, e, kind) for s, e, kind in spans if s <= at < e]
    if holders and holders[-1][2] in _OWN_SCOPE:
        named = chain(root, holders[-1][0], holders[-1][1])[-1].child_by_field_name("name")
        if named is not None and named.start_byte == at:
            holders.pop()
    return holders[-1][:2] if holders else (root.start_byte, root.end_byte)


def enclosing_names(root: Node, data: bytes, call: tuple[int, int]) -> frozenset[str]:
    """Return the names declared in the functions around ``call``, outside of it; ``arguments`` where there are any."""
    around = [n for n in chain(root, *call) if n.type in FUNCTIONS]
    if not around:
        return frozenset()
    names = {n for n, at in declarations(around[0], data) if not call[0] <= at < call[1]}
    names |= {text_of(p, data) for p in parameter_nodes(around[0]) if p.type == "identifier"}
    return frozenset(names)

"""The steps that a script hands to the Salesbot, as far as their keys tell them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.code import has_word, root_of, texts, uses
from widgetpack.scripts.nodes import literal, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.code import Use
    from widgetpack.scripts.javascript import Script

SAVING: Final = "onSalesbotDesignerSave"
_MEMBERS: Final = ("member_expression", "subscript_expression", "computed_property_name", "array", "arguments")
_IN_JSON: Final = rb"\\?[\"']%s\\?[\"']\s*:"


def asks_question(script: Script) -> bool:
    """Tell whether ``question`` is a key in a script, in a text with JSON, too; of one without a tree, a word of it."""
    if not has_word(script.data, b"question"):
        return False
    return root_of(script) is None or any(True for _ in _keys(script, b"question", members=True))


def bare_handlers(script: Script) -> Iterator[tuple[str, int, bool]]:
    """Yield the handlers that stand outside ``question`` if no script has that key: the key or ``widget_request``.

    With each its place, and whether it lies in the function `SAVING`.
    """
    for offset, use in _keys(script, b"execute_handler", members=False):
        yield "execute_handler", offset, _is_saving(use, script.data)
    for use in uses(script, b"widget_request"):
        pair = use.holder(2)
        key = pair.child_by_field_name("key") if pair is not None and pair.type == "pair" else None
        if key is not None and (literal(key, script.data) or text_of(key, script.data)) == "handler":
            yield "widget_request", use.offset, _is_saving(use, script.data)


def _keys(script: Script, name: bytes, *, members: bool) -> Iterator[tuple[int, Use]]:
    """Yield where ``name`` is a key of an object or of JSON in a text; with ``members`` also a member, or handed on."""
    if name not in script.data:
        return
    for use in uses(script, name):
        key, above = use.node, use.holders
        if key.type == "string_fragment":
            key, above = above[-1], above[:-1]
        parent = above[-1] if above else None
        if parent is not None and (
            (parent.type == "pair" and parent.child_by_field_name("key") == key)
            or key.type == "shorthand_property_identifier"
            or (members and parent.type in _MEMBERS)
        ):
            yield use.offset, use
    yield from ((match.start(), use) for match, use in texts(script, re.compile(_IN_JSON % re.escape(name))))


def _is_saving(use: Use, data: bytes) -> bool:
    """Tell whether a place lies in the function that is called `SAVING`."""
    return any(_name_of(holder, data) == SAVING for holder in use.holders)


def _name_of(holder: Node, data: bytes) -> str:
    """Return the name that a pair, a method, a function or an assignment gives to what it holds; empty for others."""
    named = next((n for f in ("key", "name", "left") if (n := holder.child_by_field_name(f)) is not None), None)
    if named is not None and named.type == "member_expression":
        named = named.child_by_field_name("property")
    return "" if named is None else text_of(named, data).strip("\"'")

"""Replacing ``require("./x")`` in a factory by the variable that holds the module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.scripts.nodes import bare, literal, parameter_nodes, text_of
from widgetpack.scripts.tree import captures, chain, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

_USES = "(identifier) @name (shorthand_property_identifier) @name (shorthand_property_identifier_pattern) @name"
_CALLS = "(call_expression function: (identifier)) @call"


def rewritten(
    script: Script, span: tuple[int, int], index: int, values: Mapping[str, str], *, partly: bool
) -> str | None:
    """Return the factory at ``span`` with its literal ``require`` calls replaced by ``values`` (id -> variable).

    None where its parameter ``index`` is used in any other way, or an id is not known (``partly``: such a call stays).
    """
    tree = parse(script.data)
    if tree is None:
        return None
    factory = next((n for n in map(bare, chain(tree.root_node, *span)) if _is(n, span)), None)
    text, data = script.data[span[0] : span[1]], script.data
    if factory is None or b"arguments" in text or b"eval" in text:
        return None
    parameters = parameter_nodes(factory)
    if index >= len(parameters):
        return text.decode()
    edits = (
        _edits(factory, parameters[index], data, values, partly=partly)
        if parameters[index].type == "identifier"
        else None
    )
    if edits is None:
        return None
    pieces, done = [], span[0]
    for start, end, variable in edits:
        pieces += [data[done:start], variable.encode()]
        done = end
    return b"".join([*pieces, data[done : span[1]]]).decode()


def _edits(
    factory: Node, parameter: Node, data: bytes, values: Mapping[str, str], *, partly: bool
) -> list[tuple[int, int, str]] | None:
    """Return what to replace, in order, or None where the parameter is used for anything but known literal calls."""
    name, own = text_of(parameter, data), parameter.start_byte
    calls = {c.start_byte: c for c in captures(factory, _CALLS).get("call", [])}
    edits = []
    for use in captures(factory, _USES).get("name", []):
        if text_of(use, data) != name or use.start_byte == own:
            continue
        call = calls.get(use.start_byte)
        identifier = None if call is None else _argument(call, data)
        if call is None or identifier is None or not (partly or identifier in values):
            return None
        if identifier in values:
            edits.append((call.start_byte, call.end_byte, values[identifier]))
    return sorted(edits)


def _is(node: Node, span: tuple[int, int]) -> bool:
    return (
        span[0] <= node.start_byte
        and node.end_byte <= span[1]
        and node.type in ("function_expression", "arrow_function")
    )


def _argument(call: Node, data: bytes) -> str | None:
    listing = call.child_by_field_name("arguments")
    if listing is None or listing.named_child_count != 1:
        return None
    return literal(listing.named_children[0], data)

"""What a function gives back, as far as its text tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from widgetpack.scripts.nodes import bare, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

Given = Literal[
    "nothing", "object", "array", "instance", "arrow", "late", "late-factory", "exports", "value", "function", "unknown"
]
"""What a ``return`` gives back: ``late`` is an async function or a generator, ``late-factory`` a factory that is one itself,
``exports`` the object that an AMD module fills, ``value`` any other literal, ``unknown`` all that only running tells."""

_LITERALS: Final = ("string", "template_string", "number", "true", "false", "null", "undefined", "regex")
_KINDS: Final[dict[str, Given]] = {
    **dict.fromkeys(_LITERALS, "value"),
    **dict.fromkeys(("function_expression", "class"), "function"),
    "object": "object",
    "array": "array",
    "new_expression": "instance",
    "arrow_function": "arrow",
}
_GENERATORS: Final = ("generator_function", "generator_function_declaration")
_NESTING: Final = frozenset(
    {
        "statement_block",
        "if_statement",
        "else_clause",
        "for_statement",
        "for_in_statement",
        "while_statement",
        "do_statement",
        "try_statement",
        "catch_clause",
        "finally_clause",
        "switch_statement",
        "switch_body",
        "switch_case",
        "switch_default",
        "labeled_statement",
        "with_statement",
    }
)
"""Statements and their parts that hold statements."""


def own_returns(function: Node) -> list[Node | None]:
    """Return what a function gives back at its ``return`` statements, in no order; None for a bare ``return``.

    An arrow function's expression counts as one; what functions inside it give back does not.
    """
    body = function.child_by_field_name("body")
    if body is None:
        return []
    if body.type != "statement_block":
        return [body]
    found: list[Node | None] = []
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type == "return_statement":
            given = [n for n in node.named_children if n.type not in ("comment", "html_comment")]
            found.append(given[0] if given else None)
        elif node.type in _NESTING:
            stack.extend(node.named_children)
    return found


def declared_value(name: str, function: Node, data: bytes) -> Node | None:
    """Return what the local ``name`` of a function is, where one declaration directly in its body says so for good."""
    body = function.child_by_field_name("body")
    found = None
    for statement in body.named_children if body is not None else ():
        if statement.type not in ("lexical_declaration", "variable_declaration"):
            continue
        for declarator in statement.named_children:
            named = declarator.child_by_field_name("name")
            if named is not None and text_of(named, data) == name:
                found = declarator.child_by_field_name("value")
    piece = data[function.start_byte : function.end_byte]
    again = rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*(?:=(?![=>])|[-+*/%&|^]=)"
    return found if found is not None and len(re.findall(again, piece)) == 1 else None


def declared_function(name: str, function: Node, data: bytes) -> Node | None:
    """Return the function that is declared as ``name`` directly in the body of ``function``."""
    body = function.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        if statement.type in ("function_declaration", "generator_function_declaration"):
            named = statement.child_by_field_name("name")
            if named is not None and text_of(named, data) == name:
                return statement
    return None


def is_late(function: Node) -> bool:
    """Tell whether a function is async or a generator."""
    return function.type in _GENERATORS or any(child.type in ("async", "*") for child in function.children)


def place_of(returned: Node | None, function: Node) -> int:
    """Return where a function gives something back: at what it is, else at the function."""
    return function.start_byte if returned is None else returned.start_byte


def given(returned: Node | None, function: Node, data: bytes) -> Given:
    """Say what a returned expression is; a name counts as what the function declares it to be."""
    if returned is None:
        return "nothing"
    node = bare(returned)
    if node.type == "identifier":
        name = text_of(node, data)
        value = declared_value(name, function, data)
        node = node if value is None else bare(value)
        if value is None and (declared := declared_function(name, function, data)) is not None:
            return "late" if is_late(declared) else "function"
    if node.type in (*_GENERATORS, "function_expression") and is_late(node):
        return "late"
    return _KINDS.get(node.type, "unknown")

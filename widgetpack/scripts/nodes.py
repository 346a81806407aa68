"""What a node of a script's syntax tree says: its text, its literal value, the function behind a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from widgetpack.scripts.tree import chain, string_value

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS: Final = ("function_expression", "arrow_function", "function_declaration")


def text_of(node: Node, data: bytes) -> str:
    """Return the text of ``node``."""
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def literal(node: Node, data: bytes) -> str | None:
    """Return the value of a string literal or of a template without substitutions, else None."""
    if node.type == "string":
        return string_value(text_of(node, data))
    if node.type == "template_string" and all(c.type != "template_substitution" for c in node.named_children):
        return string_value(text_of(node, data))
    return None


def bare(node: Node) -> Node:
    """Return ``node`` without the parentheses around it."""
    while node.type == "parenthesized_expression":
        inner = [c for c in node.named_children if c.type != "comment"]
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def resolve(factory: Node, root: Node, data: bytes) -> Node | None:
    """Return the function literal behind a factory: itself, a function of that name, or an argument of the file's IIFE.

    None where it cannot be told, and for async functions and generators, which RequireJS does not call.
    """
    node = bare(factory)
    if node.type in FUNCTIONS:
        return None if any(c.type == "async" for c in node.children) else node
    if node.type not in ("identifier", "shorthand_property_identifier"):
        return None
    name = text_of(node, data)
    holders = chain(root, node.start_byte, node.end_byte)
    for index in range(len(holders) - 1, -1, -1):
        holder = holders[index]
        if holder.type in ("function_expression", "arrow_function"):
            parameters = [text_of(p, data) for p in parameter_nodes(holder)]
            if name in parameters:
                return _argument(holders[:index], holder, parameters.index(name))
        if holder.type in ("program", "statement_block"):
            for statement in holder.named_children:
                if statement.type == "function_declaration":
                    named = statement.child_by_field_name("name")
                    if named is not None and text_of(named, data) == name:
                        return None if any(c.type == "async" for c in statement.children) else statement
    return None


def _argument(holders: list[Node], function: Node, index: int) -> Node | None:
    """Return the function literal that the call around ``function`` hands to its parameter ``index``."""
    for holder in reversed(holders):
        if holder.type == "parenthesized_expression":
            continue
        if holder.type != "call_expression":
            return None
        called = holder.child_by_field_name("function")
        listing = holder.child_by_field_name("arguments")
        if called is None or listing is None or bare(called).start_byte != function.start_byte:
            return None
        given = [bare(n) for n in listing.named_children if n.type != "comment"]
        node = given[index] if index < len(given) else None
        return node if node is not None and node.type in FUNCTIONS else None
    return None


def parameter_nodes(function: Node) -> list[Node]:
    """Return the parameters of a function node, patterns and defaults as they are."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    listing = function.child_by_field_name("parameters")
    return [] if listing is None else [n for n in listing.named_children if n.type not in ("comment", "html_comment")]


def length(function: Node) -> int:
    """Return what the ``length`` of a function would be: its parameters before the first default or rest."""
    count = 0
    for node in parameter_nodes(function):
        if node.type in ("assignment_pattern", "rest_pattern"):
            break
        count += 1
    return count

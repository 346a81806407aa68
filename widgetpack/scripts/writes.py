"""What a script writes to: the platform's own globals, the window, and names at the top of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.act import Act
from widgetpack.scripts.code import WINDOWS, Use, arguments, declares, root_of, uses
from widgetpack.scripts.nodes import bare, literal, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

_OWNED: Final = (b"APP", b"AMOCRM")
_BROWSERS_OWN: Final = r"on[a-z]+|location|name|status|opener|closed|hash"
"""Properties of ``window`` that the browser has, and that are there to be set."""
_SETTING: Final = ("assignment_expression", "augmented_assignment_expression")
_MERGING: Final = r"Object\.assign|(?:\$|jQuery|_)\.(?:extend|assign|merge|defaults)"
"""Calls that write into their first argument; jQuery's may have a ``true`` before it."""
_DECLARATIONS: Final = (
    "variable_declaration",
    "lexical_declaration",
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
)


def owned(script: Script) -> Iterator[Act]:
    """Yield where a script sets, counts up, deletes or merges something into ``APP`` or ``AMOCRM``."""
    for name in _OWNED:
        if not declares(script, name):
            for use in uses(script, name):
                target = _written(use, script.data)
                if target is not None:
                    yield Act("owned", text_of(target, script.data)[:60], target.start_byte)


def _written(use: Use, data: bytes) -> Node | None:
    """Return what is written to where ``use`` is the platform's global: it, or a member however deep."""
    node, index = use.node, len(use.holders) - 1
    if node.type == "property_identifier":  # window.APP
        member = use.holders[index]
        owner = member.child_by_field_name("object")
        if member.type != "member_expression" or owner is None or text_of(owner, data) not in WINDOWS:
            return None
        node, index = member, index - 1
    elif node.type != "identifier":
        return None
    while index >= 0 and use.holders[index].type in ("member_expression", "subscript_expression"):
        if use.holders[index].child_by_field_name("object") != node:
            return None
        node, index = use.holders[index], index - 1
    above = use.holders[index] if index >= 0 else None
    return node if above is not None and (_sets(above, node) or _merges_into(above, node, data)) else None


def _sets(above: Node, node: Node) -> bool:
    """Tell whether ``above`` gives ``node`` another value, or removes it."""
    if above.type in _SETTING:
        return above.child_by_field_name("left") == node
    if above.type == "unary_expression":
        operator = above.child_by_field_name("operator")
        return operator is not None and operator.type == "delete"
    return above.type == "update_expression"


def _merges_into(above: Node, node: Node, data: bytes) -> bool:
    """Tell whether ``node`` is what a call such as ``Object.assign`` writes into."""
    call = above.parent if above.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if call is None or function is None or re.fullmatch(_MERGING, text_of(function, data)) is None:
        return False
    given = [n for n in arguments(call) if n.type not in ("true", "false")]
    return len(given) > 1 and given[0] == node


def made_globals(script: Script) -> Iterator[Act]:
    """Yield where a script sets a property of the window that is not the browser's or the platform's own."""
    for window in WINDOWS:
        for use in uses(script, window.encode()):
            parent = use.holder(1)
            if use.node.type != "identifier" or parent is None:
                continue
            if _merges_into(parent, use.node, script.data):
                function = use.holders[-2].child_by_field_name("function")
                what = text_of(function, script.data) if function is not None else ""
                yield Act("global", f"{what}({window}, ...)", use.offset)
            elif name := _set_property(use, parent, script.data):
                yield Act("global", f"{window}.{name}", use.offset)


def _set_property(use: Use, member: Node, data: bytes) -> str:
    """Return the name of what is set on the window here; empty where nothing is, or not something new."""
    above = use.holder(2)
    if member.child_by_field_name("object") != use.node or above is None or above.type not in _SETTING:
        return ""
    if above.child_by_field_name("left") != member:
        return ""
    key = member.child_by_field_name("property") or member.child_by_field_name("index")
    if key is None or (member.type == "subscript_expression" and key.type != "string"):
        return ""
    name = literal(key, data) or text_of(key, data)
    return "" if re.fullmatch(_BROWSERS_OWN, name) or name in ("APP", "AMOCRM") else name


def top_level(script: Script) -> Iterator[Act]:
    """Yield the names that are declared outside every function; what compilers put there (``__importDefault``) is spared."""
    root = root_of(script)
    for statement in root.named_children if root is not None and script.module_syntax is None else ():
        if statement.type not in _DECLARATIONS:
            continue
        declared = statement.named_children if statement.child_by_field_name("name") is None else [statement]
        for node in declared:
            named = node.child_by_field_name("name")
            value = node.child_by_field_name("value")
            called = bare(value).child_by_field_name("function") if value is not None else None
            is_module = called is not None and text_of(called, script.data) == "define"
            name = text_of(named, script.data) if named is not None and named.type == "identifier" else ""
            if named is not None and name and not name.startswith("__") and not is_module:
                yield Act("top-level", name, named.start_byte)

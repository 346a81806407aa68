"""Which texts of the locales a script reads: ``self.i18n('group').key`` and ``self.langs.group.key``."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.code import uses
from widgetpack.scripts.javascript import Script, text_of
from widgetpack.scripts.nodes import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.model import Pointer
    from widgetpack.scripts.code import Use

_WIDGETS: Final = ("this", "self", "_this", "that", "_self", "widget", "_widget", "me")
"""Names under which scripts keep the widget; ``langs`` of anything else is judged only where its group is known."""


class Reading(NamedTuple):
    """One place where a script reads a text or a group."""

    pointer: Pointer
    """Where it leads, as far as it is literal; names of methods of texts (``replace``) may follow the text's own."""
    offsets: tuple[int, ...]
    """Where each part of the pointer stands."""
    is_open: bool
    """Whether what was read is handed on, or asked for a name that is computed: it may lead anywhere below."""
    is_called: bool
    """Whether the last part is called: then it is a method."""
    is_sure: bool
    """Whether the owner is the widget beyond doubt."""


@lru_cache(maxsize=256)
def readings(script: Script) -> tuple[Reading, ...]:
    """Return what a script reads of the texts; nothing for a script without a tree."""
    if b"i18n" not in script.data and b"langs" not in script.data:
        return ()
    found = [r for use in uses(script, b"i18n") for r in _i18n(use, script)]
    found += [r for use in uses(script, b"langs") for r in _langs(use, script)]
    return tuple(found)


def reads_computed(script: Script) -> bool:
    """Tell whether a script asks for a group whose name is computed, or for all texts at once."""
    return any(r.is_open and not r.pointer for r in readings(script))


def _i18n(use: Use, script: Script) -> Iterator[Reading]:
    """Read ``owner.i18n('group')`` and what follows it."""
    member, call = use.holder(1), use.holder(2)
    if member is None or member.type != "member_expression" or call is None or call.type != "call_expression":
        return
    if call.child_by_field_name("function") != member:
        return
    given = call.child_by_field_name("arguments")
    first = given.named_children[0] if given is not None and given.named_children else None
    if first is None or first.type != "string" or len(given.named_children if given else ()) != 1:
        yield Reading((), (), is_open=True, is_called=False, is_sure=True)
        return
    group = text_of(first, script.data)[1:-1]
    parts = tuple(group.split("."))
    if not all(parts) or "\\" in group:
        return
    yield from _followed(call, use.holders[:-2], parts, (first.start_byte,) * len(parts), script, is_sure=True)


def _langs(use: Use, script: Script) -> Iterator[Reading]:
    """Read ``owner.langs`` and what follows it."""
    member = use.holder(1)
    if member is None or member.type != "member_expression" or member.child_by_field_name("property") != use.node:
        return
    owner = member.child_by_field_name("object")
    named = owner.child_by_field_name("property") or owner if owner is not None else None
    sure = named is not None and text_of(named, script.data) in _WIDGETS
    yield from _followed(member, use.holders[:-1], (), (), script, is_sure=sure)


def _followed(  # noqa: PLR0913  # a place, what was read so far, and whose it is
    node: Node,
    holders: tuple[Node, ...],
    parts: tuple[str, ...],
    offsets: tuple[int, ...],
    script: Script,
    *,
    is_sure: bool,
    depth: int = 0,
) -> Iterator[Reading]:
    """Follow the members read from ``node``, and the name that it is assigned to."""
    index = len(holders) - 1
    while index >= 0 and holders[index].child_by_field_name("object") == node:
        key = holders[index].child_by_field_name("property") or holders[index].child_by_field_name("index")
        if key is None or key.type not in ("property_identifier", "string"):
            yield Reading(parts, offsets, is_open=True, is_called=False, is_sure=is_sure)
            return
        name = text_of(key, script.data)
        parts, offsets = (*parts, name.strip("\"'")), (*offsets, key.start_byte)
        node, index = holders[index], index - 1
    above = holders[index] if index >= 0 else None
    is_called = above is not None and above.type == "call_expression" and above.child_by_field_name("function") == node
    if above is not None and above.type == "assignment_expression" and above.child_by_field_name("left") == node:
        return  # written, not read
    alias = _alias(node, holders[: index + 1], script) if depth == 0 else None
    if alias is None:
        yield Reading(parts, offsets, is_open=True, is_called=is_called, is_sure=is_sure)
        return
    name, uses_of_it = alias
    yield Reading(parts, offsets, is_open=False, is_called=False, is_sure=is_sure)
    for use in uses_of_it:
        if text_of(use.node, script.data) == name:
            yield from _followed(use.node, use.holders, parts, offsets, script, is_sure=is_sure, depth=1)


def _alias(node: Node, holders: tuple[Node, ...], script: Script) -> tuple[str, list[Use]] | None:
    """Return the name that is declared here and stays what it is, with its uses in its scope; else None."""
    above = holders[-1] if holders else None
    if above is None or above.type != "variable_declarator" or above.child_by_field_name("value") != node:
        return None
    named = above.child_by_field_name("name")
    if named is None or named.type != "identifier":
        return None
    name = text_of(named, script.data)
    scope = _scope(holders)
    found = [use for use in uses(script, name.encode()) if use.node.type in _NAMES and _inside(use.node, scope)]
    others = [use for use in found if use.node != named]
    shadows = [_own_scope(use) for use in others if _changes(use)]
    if any(inner is None or inner == scope for inner in shadows):
        return None
    seen = (use for use in others if not any(inner is not None and _inside(use.node, inner) for inner in shadows))
    return name, [use for use in seen if use.node.type == "identifier"]


def _inside(node: Node, scope: Node) -> bool:
    return scope.start_byte <= node.start_byte < scope.end_byte


def _scope(holders: tuple[Node, ...]) -> Node:
    """Return what a declarator's name is seen in: the block around ``let`` and ``const``, the function around ``var``."""
    in_block = any(holder.type == "lexical_declaration" for holder in holders[-2:])
    ends = (*_SCOPES, *_BLOCKS) if in_block else _SCOPES
    return next((holder for holder in reversed(holders) if holder.type in ends), holders[0])


def _own_scope(use: Use) -> Node | None:
    """Return where a name that is declared again hides the outer one; None where the outer one itself is set."""
    parent = use.holders[-1]
    if parent.type == "variable_declarator":
        return _scope(use.holders)
    if parent.type in ("formal_parameters", "arrow_function"):
        return next((holder for holder in reversed(use.holders) if holder.type in _SCOPES), None)
    return parent if parent.type in ("for_in_statement", "catch_clause") else None


_SCOPES: Final = (*FUNCTIONS, "method_definition", "generator_function", "generator_function_declaration")
_BLOCKS: Final = ("statement_block", "for_statement", "switch_body", "class_static_block")
_NAMES: Final = ("identifier", "shorthand_property_identifier_pattern")
_SETTING: Final = (
    *("arrow_function", "variable_declarator", "assignment_expression", "for_in_statement", "catch_clause"),
    *("function_declaration", "generator_function_declaration", "class_declaration", "augmented_assignment_expression"),
)
_BINDING: Final = ("formal_parameters", "assignment_pattern", "update_expression")


def _changes(use: Use) -> bool:
    """Tell whether a use declares or sets the name again, or might in a place that is not looked into."""
    parent = use.holder(1)
    if use.node.type != "identifier" or parent is None:
        return True
    for field in ("name", "left", "parameter"):
        if parent.type in _SETTING and parent.child_by_field_name(field) == use.node:
            return True
    return parent.type in _BINDING or parent.type.endswith("_pattern")

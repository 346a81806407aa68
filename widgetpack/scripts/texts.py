"""Which texts of the locales a script reads: ``self.i18n('group').key`` and ``self.langs.group.key``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.code import WIDGETS, is_widget, uses
from widgetpack.scripts.nodes import FUNCTIONS, bare, literal, text_of
from widgetpack.scripts.tree import string_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.model import Pointer
    from widgetpack.scripts.code import Use
    from widgetpack.scripts.javascript import Script

_PARAMETERS: Final = ("self", "_this", "that", "_self")
"""Names that stay the widget's where a function is handed it."""


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


@lru_cache(maxsize=64)
def unescaped(data: bytes) -> bytes:
    r"""Return the text of a script with all escapes undone, wherever they stand: ``It\'s`` as ``It's``, ``\u041f`` as ``П``."""
    text = string_value(f"'{data.decode('utf-8', 'replace')}'")
    return text.encode("utf-8", "replace")


def _i18n(use: Use, script: Script) -> Iterator[Reading]:
    """Read ``owner.i18n('group')`` and what follows it."""
    member, call = use.holder(1), use.holder(2)
    if member is None or member.type != "member_expression" or call is None or call.type != "call_expression":
        return
    if call.child_by_field_name("function") != member:
        return
    given = call.child_by_field_name("arguments")
    first = given.named_children[0] if given is not None and given.named_children else None
    group = literal(first, script.data) if first is not None else None
    if first is None or group is None or len(given.named_children if given else ()) != 1:
        yield Reading((), (), is_open=True, is_called=False, is_sure=True)
        return
    parts = tuple(group.split("."))
    if not all(parts):
        return
    yield from _followed(call, use.holders[:-2], parts, (first.start_byte,) * len(parts), script, is_sure=True)


def _langs(use: Use, script: Script) -> Iterator[Reading]:
    """Read ``owner.langs`` and what follows it."""
    member = use.holder(1)
    if member is None or member.type != "member_expression" or member.child_by_field_name("property") != use.node:
        return
    owner = member.child_by_field_name("object")
    named = owner.child_by_field_name("property") or owner if owner is not None else None
    sure = named is not None and text_of(named, script.data) in WIDGETS and not _sets_langs(script.data)
    sure = sure and (
        named is None or named.type != "identifier" or _is_widget_all_over(text_of(named, script.data), script)
    )
    yield from _followed(member, use.holders[:-1], (), (), script, is_sure=sure)


def _sets_langs(data: bytes) -> bool:
    """Tell whether a script gives something ``langs`` of its own."""
    return re.search(rb"\.langs\s*=(?!=)", data) is not None


@lru_cache(maxsize=256)
def _is_widget_all_over(name: str, script: Script) -> bool:
    """Tell whether no declaration of ``name`` in the file says that it is anything but ``this``."""
    for use in uses(script, name.encode()):
        parent = use.holder(1)
        if use.node.type != "identifier" or parent is None:
            continue
        target = parent.child_by_field_name("name") or parent.child_by_field_name("left")
        if parent.type in ("variable_declarator", "assignment_expression") and target == use.node:
            value = parent.child_by_field_name("value") or parent.child_by_field_name("right")
            if value is not None and not is_widget(bare(value), script):
                return False
        elif name not in _PARAMETERS and _changes(use):
            return False
    return True


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
        name = literal(key, script.data)
        parts, offsets = (*parts, text_of(key, script.data) if name is None else name), (*offsets, key.start_byte)
        node, index = holders[index], index - 1
    above = holders[index] if index >= 0 else None
    is_called = above is not None and above.type == "call_expression" and above.child_by_field_name("function") == node
    if above is not None and above.type == "assignment_expression" and above.child_by_field_name("left") == node:
        return  # written, not read
    pattern = _pattern(node, above)
    if pattern is not None:
        yield Reading(parts, offsets, is_open=False, is_called=False, is_sure=is_sure)
        yield from _taken_apart(pattern, parts, offsets, script, is_sure=is_sure)
        return
    alias = _alias(node, holders[: index + 1], script) if depth == 0 else None
    if alias is None:
        yield Reading(parts, offsets, is_open=True, is_called=is_called, is_sure=is_sure)
        return
    name, uses_of_it = alias
    yield Reading(parts, offsets, is_open=False, is_called=False, is_sure=is_sure)
    for use in uses_of_it:
        if text_of(use.node, script.data) == name:
            yield from _followed(use.node, use.holders, parts, offsets, script, is_sure=is_sure, depth=1)


def _pattern(node: Node, above: Node | None) -> Node | None:
    """Return the pattern that ``node`` is taken apart by: ``{title}`` in ``var {title} = node``."""
    if above is None or above.type != "variable_declarator" or above.child_by_field_name("value") != node:
        return None
    named = above.child_by_field_name("name")
    return named if named is not None and named.type == "object_pattern" else None


def _taken_apart(
    pattern: Node, parts: tuple[str, ...], offsets: tuple[int, ...], script: Script, *, is_sure: bool
) -> Iterator[Reading]:
    """Read what a pattern names; of nested patterns the first level."""
    for node in pattern.named_children:
        key = node.child_by_field_name("key") or node.child_by_field_name("left") or node
        if node.type == "comment":
            continue
        if key.type not in ("property_identifier", "shorthand_property_identifier_pattern", "string"):
            yield Reading(parts, offsets, is_open=True, is_called=False, is_sure=is_sure)  # `...rest`, `[name]`
            continue
        name = literal(key, script.data)
        found = text_of(key, script.data) if name is None else name
        yield Reading((*parts, found), (*offsets, key.start_byte), is_open=True, is_called=False, is_sure=is_sure)


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
    found, declared = _uses_of(script, name)
    if len(declared) > _MOST_DECLARED:
        return None
    others = [use for use in found if use.node != named and _inside(use.node, scope)]
    shadows = [_own_scope(use) for use in declared if use.node != named and _inside(use.node, scope)]
    if any(inner is None or inner == scope for inner in shadows):
        return None
    seen = (use for use in others if not any(inner is not None and _inside(use.node, inner) for inner in shadows))
    return name, [use for use in seen if use.node.type == "identifier"]


_MOST_DECLARED: Final = 100
"""Declarations of one name in one script: beyond them it is a minifier's, or work for each pair of them."""


@lru_cache(maxsize=64)
def _uses_of(script: Script, name: str) -> tuple[tuple[Use, ...], tuple[Use, ...]]:
    """Return every use of a name as a variable, and those of them that declare or set it."""
    found = tuple(use for use in uses(script, name.encode()) if use.node.type in _NAMES)
    return found, tuple(use for use in found if _changes(use))


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

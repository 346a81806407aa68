"""The callbacks of a widget, as far as a script shows them: what each gives back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.code import Use, is_widget, uses
from widgetpack.scripts.nodes import bare, resolve, text_of
from widgetpack.scripts.returns import Given, declared_value, given, is_late, own_returns, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

JUDGED: Final = (b"render", b"init", b"bind_actions", b"onSalesbotDesignerSave")
_FUNCTIONS: Final = ("function_expression", "arrow_function", "method_definition", "generator_function")
_NEVER_TRUE: Final = ("false", "null", "undefined", "0", "''", '""', "void 0", "!1")


class Callback(NamedTuple):
    """A function in the widget's object that is called ``callbacks``."""

    name: str
    offset: int
    gives: tuple[tuple[Given, int], ...]
    """What each ``return`` gives back, and where it is; empty: it has none, or it is late."""
    may_be_true: bool
    """Whether it, or another function that the script puts in its place, can give back something that counts as true."""
    is_late: bool
    """Whether it is async or a generator."""


@lru_cache(maxsize=256)
def callbacks(script: Script) -> tuple[Callback, ...]:
    """Return the callbacks of `JUDGED` whose functions can be seen: in place, by a name of the file, or as a method."""
    if b"callbacks" not in script.data:
        return ()
    names = _handed_on(script)
    found: list[Callback] = []
    for name in JUDGED:
        entries = [(use, value) for use in uses(script, name) if (value := _value(use, script, names)) is not None]
        functions = [_function(value, use, script) for use, value in entries]
        seen = [
            _callback(use, name.decode(), function, script.data)
            for (use, _), function in zip(entries, functions, strict=True)
            if function is not None
        ]
        if len(entries) > 1 and (len(seen) < len(entries) or any(callback.may_be_true for callback in seen)):
            seen = [callback._replace(may_be_true=True) for callback in seen]  # which one counts, only running tells
        found += seen
    return tuple(found)


def _handed_on(script: Script) -> frozenset[str]:
    """Return the names that are the widget's callbacks: ``this.callbacks = names``, ``var names = this.callbacks``."""
    found = set()
    for use in uses(script, b"callbacks"):
        member, above = use.holder(1), use.holder(2)
        if member is None or above is None or not _is_the_widgets(member, script):
            continue
        if above.type == "assignment_expression" and above.child_by_field_name("left") == member:
            right = above.child_by_field_name("right")
            found |= {text_of(right, script.data)} if right is not None and right.type == "identifier" else set()
            above = use.holder(3)
        if above is not None and above.type == "variable_declarator":
            named = above.child_by_field_name("name")
            found |= {text_of(named, script.data)} if named is not None else set()
    return frozenset(found)


def _is_the_widgets(member: Node, script: Script) -> bool:
    """Tell whether ``member`` is ``callbacks`` of the widget: of ``this``, of a name for it, or of a prototype."""
    owner = member.child_by_field_name("object")
    named = member.child_by_field_name("property")
    if owner is None or named is None or text_of(named, script.data) != "callbacks":
        return False
    return is_widget(owner, script) or text_of(owner, script.data).endswith(".prototype")


def _value(use: Use, script: Script, names: frozenset[str]) -> Node | None:
    """Return what ``use`` names in the widget's callbacks: the value, the method, or the name of a shorthand."""
    is_text = use.node.type == "string_fragment"
    key, above = (use.holder(1), use.holders[:-1]) if is_text else (use.node, use.holders)
    if key is None or len(above) < 3:  # noqa: PLR2004  # an entry, its object, and what that is given to
        return None
    entry = above[-1]
    if entry.type in ("member_expression", "subscript_expression"):
        return _assigned(entry, above[-2], script, names) if entry.child_by_field_name("object") != key else None
    if key.type == "shorthand_property_identifier":
        return key if entry.type == "object" and _holds_callbacks(above[-2], script, names) else None
    if above[-2].type != "object" or not _holds_callbacks(above[-3], script, names):
        return None
    if entry.type == "pair" and entry.child_by_field_name("key") == key:
        return entry.child_by_field_name("value")
    return entry if entry.type == "method_definition" and entry.child_by_field_name("name") == key else None


def _assigned(entry: Node, above: Node, script: Script, names: frozenset[str]) -> Node | None:
    """Return what is assigned to one member of the widget's callbacks."""
    owner = entry.child_by_field_name("object")
    if above.type != "assignment_expression" or above.child_by_field_name("left") != entry or owner is None:
        return None
    of_widget = text_of(owner, script.data) in names if owner.type == "identifier" else _is_the_widgets(owner, script)
    return above.child_by_field_name("right") if of_widget else None


def _holds_callbacks(holder: Node, script: Script, names: frozenset[str]) -> bool:
    """Tell whether an object is given to the widget's callbacks by what stands around it."""
    if holder.type == "field_definition":
        named = holder.child_by_field_name("property")
        return named is not None and text_of(named, script.data) == "callbacks"
    named = holder.child_by_field_name("name" if holder.type == "variable_declarator" else "left")
    if named is None or holder.type not in ("variable_declarator", "assignment_expression"):
        return False
    if named.type == "identifier":
        return text_of(named, script.data) in names
    return named.type == "member_expression" and _is_the_widgets(named, script)


def _function(value: Node, use: Use, script: Script) -> Node | None:
    """Return the function behind a value: itself, bound, a function of that name in the file, or the widget's only method."""
    node = bare(value)
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        inner = function.child_by_field_name("object") if function is not None else None
        if inner is None or function is None or not text_of(function, script.data).endswith(".bind"):
            return None
        node = bare(inner)
    if node.type in _FUNCTIONS:
        return node
    if node.type in ("identifier", "shorthand_property_identifier"):
        return _named(node, use, script)
    owner, method = node.child_by_field_name("object"), node.child_by_field_name("property")
    if node.type != "member_expression" or owner is None or method is None or not is_widget(owner, script):
        return None
    found = list(_methods(text_of(method, script.data), script))
    return found[0] if len(found) == 1 else None


def _named(node: Node, use: Use, script: Script) -> Node | None:
    """Return the function that a name of the file stands for, unless the name is ever set again."""
    name = text_of(node, script.data)
    for holder in reversed(use.holders):
        if holder.type in (*_FUNCTIONS, "function_declaration"):
            value = declared_value(name, holder, script.data)
            if value is not None:
                return bare(value) if bare(value).type in _FUNCTIONS else None
    again = rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*=(?![=>])"
    return None if re.search(again, script.data) else resolve(node, use.holders[0], script.data)


def _methods(name: str, script: Script) -> Iterator[Node | None]:
    """Yield what is made a method called ``name``: of a class, a prototype or the widget; None for what is no function."""
    for use in uses(script, name.encode()):
        entry, above = use.holder(1), use.holder(2)
        if entry is None or above is None:
            continue
        if entry.type == "method_definition" and above.type == "class_body":
            yield entry
        elif entry.type == "field_definition":
            value = entry.child_by_field_name("value")
            yield bare(value) if value is not None and bare(value).type in _FUNCTIONS else None
        elif above.type == "assignment_expression" and above.child_by_field_name("left") == entry:
            right = above.child_by_field_name("right")
            yield bare(right) if right is not None and bare(right).type in _FUNCTIONS else None


def _callback(use: Use, name: str, function: Node, data: bytes) -> Callback:
    returns = own_returns(function)
    late = is_late(function)
    gives = tuple(sorted(((given(n, function, data), place_of(n, function)) for n in returns), key=lambda g: g[1]))
    may_be_true = late or any(n is not None and text_of(bare(n), data) not in _NEVER_TRUE for n in returns)
    return Callback(name, use.offset, () if late else gives, may_be_true, late)

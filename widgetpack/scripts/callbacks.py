"""The constructor and the callbacks of a widget, as far as a script shows them: what each gives back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from widgetpack.scripts.code import Use, declared_value, own_returns, root_of, uses
from widgetpack.scripts.javascript import Script, bare, resolve, text_of
from widgetpack.scripts.tree import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

Given = Literal["nothing", "object", "array", "instance", "arrow", "value", "function", "unknown"]
"""What a ``return`` gives back: ``value`` is any other literal, ``unknown`` all that only running tells."""

JUDGED: Final = (b"render", b"init", b"bind_actions", b"onSalesbotDesignerSave")
_FUNCTIONS: Final = ("function_expression", "arrow_function", "method_definition")
_LITERALS: Final = ("string", "template_string", "number", "true", "false", "null", "undefined", "regex")
_NEVER_TRUE: Final = ("false", "null", "undefined", "0", "''", '""', "void 0", "!1")


class Callback(NamedTuple):
    """A function in an object that is called ``callbacks``."""

    name: str
    offset: int
    gives: tuple[tuple[Given, int], ...]
    """What each ``return`` gives back, and where it is; empty: it has none."""
    may_be_true: bool
    """Whether it can give back something that counts as true."""


@lru_cache(maxsize=256)
def callbacks(script: Script) -> tuple[Callback, ...]:
    """Return the callbacks of `JUDGED` that are written as functions in place."""
    return tuple(
        callback
        for name in JUDGED
        for use in uses(script, name)
        if (function := _function(use, script.data)) is not None and (callback := _callback(use, function, script.data))
    )


def _function(use: Use, data: bytes) -> Node | None:
    """Return the function that ``use`` names as a callback: ``callbacks = { name: function () {} }`` and the like."""
    entry, container = use.holder(1), use.holder(2)
    if entry is None or container is None or container.type != "object" or not _is_callbacks(use, data):
        return None
    if entry.type == "pair" and entry.child_by_field_name("key") == use.node:
        value = entry.child_by_field_name("value")
        return bare(value) if value is not None and bare(value).type in _FUNCTIONS else None
    return entry if entry.type == "method_definition" and entry.child_by_field_name("name") == use.node else None


def _is_callbacks(use: Use, data: bytes) -> bool:
    """Tell whether the object around ``use`` is assigned to something called ``callbacks``."""
    holder = use.holder(3)
    if holder is None:
        return False
    named = next((n for f in ("left", "key", "property", "name") if (n := holder.child_by_field_name(f))), None)
    if named is not None and named.type == "member_expression":
        named = named.child_by_field_name("property")
    return named is not None and text_of(named, data) == "callbacks"


def _callback(use: Use, function: Node, data: bytes) -> Callback:
    returns = own_returns(function)
    late = any(child.type in ("async", "*") for child in function.children)
    gives = tuple(sorted(((_given(n, function, data), _place(n, function)) for n in returns), key=lambda g: g[1]))
    may_be_true = late or any(n is not None and text_of(bare(n), data) not in _NEVER_TRUE for n in returns)
    return Callback(text_of(use.node, data), use.offset, () if late else gives, may_be_true)


def _place(returned: Node | None, function: Node) -> int:
    return function.start_byte if returned is None else returned.start_byte


def _given(returned: Node | None, function: Node, data: bytes) -> Given:
    """Say what a returned expression is; a name counts as what the function declares it to be."""
    if returned is None:
        return "nothing"
    node = bare(returned)
    if node.type == "identifier" and (value := declared_value(text_of(node, data), function, data)) is not None:
        node = bare(value)
    if node.type in ("object", "array"):
        return "object" if node.type == "object" else "array"
    if node.type == "new_expression":
        return "instance"
    if node.type == "arrow_function":
        return "arrow"
    if node.type in _LITERALS:
        return "value"
    return "function" if node.type in ("function_expression", "class") else "unknown"


def constructors(script: Script) -> Iterator[tuple[Given, int]]:
    """Yield what the factory of the script's only ``define`` gives back, and where.

    Nothing where the script has several, or where the factory cannot be seen.
    """
    root = root_of(script)
    if root is None or len(script.defines) != 1:
        return
    (define,) = script.defines
    if define.factory is None:
        if define.deps is not None and define.list_form == "array":
            yield "nothing", define.start
        return
    if define.factory_kind == "object":
        yield "object", define.factory[0]
        return
    node = _at(root, define.factory)
    function = None if node is None else resolve(node, root, script.data)
    if function is None or any(d.id in ("exports", "module") for d in define.dependencies):
        return
    if define.list_form == "absent" and define.parameters:
        return  # it may fill `exports`, its second parameter
    returns = own_returns(function)
    if not returns:
        yield "nothing", function.start_byte
    for returned in sorted(returns, key=lambda n: _place(n, function)):
        yield _given(returned, function, script.data), _place(returned, function)


def _at(root: Node, span: tuple[int, int]) -> Node | None:
    """Return the outermost node that is exactly ``span``."""
    return next((n for n in chain(root, *span) if (n.start_byte, n.end_byte) == span), None)

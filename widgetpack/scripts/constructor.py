"""What the module of a script is: whether the platform can call ``new`` on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.code import root_of
from widgetpack.scripts.nodes import bare, resolve
from widgetpack.scripts.returns import Given, given, is_late, own_returns, place_of
from widgetpack.scripts.tree import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.define import Define
    from widgetpack.scripts.javascript import Script

_FUNCTIONS: Final = ("function_expression", "arrow_function", "generator_function")


def constructors(script: Script) -> Iterator[tuple[Given, int]]:
    """Yield what the factory of the script's only ``define`` gives back, and where.

    Nothing where the script has several, or where the factory cannot be seen.
    """
    root = root_of(script)
    define = script.defines[0] if len(script.defines) == 1 else None
    if root is None or define is None:
        return
    if define.factory is None:
        if define.deps is not None and define.list_form == "array":
            yield "nothing", define.start
    elif define.factory_kind == "object":
        yield "object", define.factory[0]
    elif (node := _at(root, define.factory)) is not None:
        if bare(node).type in _FUNCTIONS and is_late(bare(node)):
            yield "late-factory", bare(node).start_byte
        elif (function := resolve(node, root, script.data)) is not None:
            yield from _returned(function, define, script)


def _returned(function: Node, define: Define, script: Script) -> Iterator[tuple[Given, int]]:
    """Yield what a factory gives back; nothing where it may set ``module.exports``."""
    returns = own_returns(function)
    asked = _magic(define)
    if "module" in asked:
        return
    if not returns:
        piece = script.data[function.start_byte : function.end_byte]
        is_filled = "exports" in asked and re.search(rb"(?<![\w$.])exports\b", piece) is not None
        yield "exports" if is_filled else "nothing", function.start_byte
    for returned in sorted(returns, key=lambda n: place_of(n, function)):
        yield given(returned, function, script.data), place_of(returned, function)


def _magic(define: Define) -> tuple[str | None, ...]:
    """Return what the factory is given by name; without a list RequireJS hands over three to a factory with parameters."""
    if define.deps is not None:
        return tuple(dependency.id for dependency in define.deps)
    return ("require", "exports", "module")[: define.parameters or 0]


def _at(root: Node, span: tuple[int, int]) -> Node | None:
    """Return the outermost node that is exactly ``span``."""
    return next((n for n in chain(root, *span) if (n.start_byte, n.end_byte) == span), None)

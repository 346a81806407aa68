"""The requests that a script sends in every turn of a loop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.act import Act
from widgetpack.scripts.code import Use, arguments, called, declares, method_call, uses
from widgetpack.scripts.nodes import bare, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

_OF_WIDGET: Final = (b"crm_post", b"$authorizedAjax", b"authorizedAjax")
_OF_JQUERY: Final = (b"ajax", b"get", b"post", b"getJSON")
_OF_AXIOS: Final = (b"get", b"post", b"put", b"patch", b"delete", b"request")
_OWN_FILE: Final = r"\.(?:twig|html?|css|js|svg|png|json)\b|\A[\"'`]data:"
"""A request for a file of the widget is none to the account's API."""
_LOOPS: Final = ("for_statement", "for_in_statement", "while_statement", "do_statement")
_EACH: Final = ("forEach", "map", "each")
_FUNCTIONS: Final = ("function_expression", "arrow_function", "function_declaration", "method_definition")
_SHOWN: Final = 40


def in_loops(script: Script) -> Iterator[Act]:
    """Yield the requests that are sent once per turn of a loop.

    The browser's and jQuery's own count, too, unless they ask for a file of the widget, or go from page to page: awaited in
    ``while`` or ``do``.
    """
    for name in _OF_WIDGET:
        for use in uses(script, name):
            if method_call(use) is not None and _loop(use, script.data):
                yield Act("loop", name.decode(), use.offset)
    for what, use, call in _plain(script):
        given = arguments(call)
        if given and re.search(_OWN_FILE, text_of(given[0], script.data)) is None:
            loop = _loop(use, script.data)
            if loop in _LOOPS[2:] and any(holder.type == "await_expression" for holder in use.holders):
                continue
            if loop:
                yield Act("loop", what, use.offset)


def _plain(script: Script) -> Iterator[tuple[str, Use, Node]]:
    """Yield the calls of ``fetch``, ``$.ajax``, ``axios`` and their like."""
    data = script.data
    for name in (b"fetch", b"axios"):
        if name in data and not (name == b"fetch" and declares(script, name)):
            yield from ((name.decode(), use, call) for use in uses(script, name) if (call := called(use, data)))
    for owners, names in ((("$", "jQuery"), _OF_JQUERY), (("axios",), _OF_AXIOS)):
        for name in names if any(owner.encode() in data for owner in owners) else ():
            for use in uses(script, name):
                call = method_call(use)
                owner = use.holders[-1].child_by_field_name("object") if call is not None else None
                if call is not None and owner is not None and text_of(bare(owner), data) in owners:
                    yield f"{text_of(owner, data)}.{name.decode()}"[:_SHOWN], use, call


def _loop(use: Use, data: bytes) -> str:
    """Return the loop of which a place is done once per turn: a statement's type, the method's name; empty for none."""
    for index in range(len(use.holders) - 1, 0, -1):
        holder = use.holders[index]
        if holder.type in _LOOPS[2:]:
            return holder.type
        if holder.type in _LOOPS:
            body = holder.child_by_field_name("body")
            if body is not None and body.start_byte <= use.offset < body.end_byte:
                return holder.type
        if holder.type in _FUNCTIONS:
            call = use.holders[index - 2] if index > 1 else holder
            function = call.child_by_field_name("function")
            method = function.child_by_field_name("property") if function is not None else None
            name = text_of(method, data) if method is not None else ""
            return name if use.holders[index - 1].type == "arguments" and name in _EACH else ""
    return ""

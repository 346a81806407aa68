"""What a script does that the platform or its moderation minds: facts only, each with its place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from widgetpack.scripts.code import (
    WINDOWS,
    Use,
    arguments,
    called,
    declares,
    literal_argument,
    method_call,
    string_around,
    texts,
    uses,
)
from widgetpack.scripts.javascript import Script, bare, literal, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

Kind = Literal[
    "evaluated", "script-tag", "dialog", "debugger", "console", "console-trace", "waiting", "owned", "global", "loop"
]


class Act(NamedTuple):
    """One thing that a script does."""

    kind: Kind
    what: str
    """As a user would name it: ``eval(...)``, ``console.log``, ``window.cache``, ``crm_post``."""
    offset: int


_TIMERS: Final = (b"setTimeout", b"setInterval")
_DIALOGS: Final = (b"alert", b"confirm", b"prompt")
_OWNED: Final = (b"APP", b"AMOCRM")
_REQUESTS: Final = (b"crm_post", b"$authorizedAjax", b"authorizedAjax")
_LOOPS: Final = ("for_statement", "for_in_statement", "while_statement", "do_statement")
_EACH: Final = ("forEach", "map", "each")
_REJECTED: Final = ("catch", "fail")
_FUNCTIONS: Final = ("function_expression", "arrow_function", "function_declaration", "method_definition")
_BROWSERS_OWN: Final = r"on[a-z]+|location|name|status|opener|closed|hash"
"""Properties of ``window`` that the browser has, and that are there to be set."""


@lru_cache(maxsize=256)
def acts(script: Script) -> tuple[Act, ...]:
    """Return all that a script does, by kind and in the order of the text; nothing for a script without a tree."""
    return tuple(
        act
        for find in (_evaluated, _tags, _dialogs, _debuggers, _consoles, _waiting, _owned, _globals, _loops)
        for act in find(script)
    )


def of_kind(script: Script, *kinds: Kind) -> list[Act]:
    """Return the acts of these kinds, in the order of the text."""
    return sorted((act for act in acts(script) if act.kind in kinds), key=lambda act: act.offset)


def _evaluated(script: Script) -> Iterator[Act]:
    data = script.data
    for use in uses(script, b"eval"):
        if called(use, data) is not None:
            yield Act("evaluated", "eval(...)", use.offset)
    for use in uses(script, b"Function"):
        parent = use.holder(1)
        made = parent is not None and parent.type == "new_expression" and use.node.type == "identifier"
        call = parent if made else called(use, data)
        # `Function("return this")` is how bundlers find the global object, where nothing better exists.
        if call is not None and literal_argument(call, data) != "return this":
            yield Act("evaluated", "new Function(...)" if made else "Function(...)", use.offset)
    for name in _TIMERS:
        for use in uses(script, name):
            call = called(use, data)
            if call is not None and (given := arguments(call)) and _is_text(bare(given[0])):
                yield Act("evaluated", f"{name.decode()}(text)", use.offset)


def _is_text(node: Node) -> bool:
    """Tell whether an expression is plainly a text: a literal, or a sum with one in it."""
    if node.type == "binary_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return any(n is not None and n.type in ("string", "template_string") for n in (left, right))
    return node.type in ("string", "template_string")


def _tags(script: Script) -> Iterator[Act]:
    for use in uses(script, b"createElement"):
        call = method_call(use)
        if call is not None and (literal_argument(call, script.data) or "").lower() == "script":
            yield Act("script-tag", "createElement('script')", use.offset)
    for use in uses(script, b"getScript"):
        if method_call(use) is not None:
            yield Act("script-tag", "getScript(...)", use.offset)
    if b"<script" in script.data:
        for match, use in texts(script, re.compile(rb"<script(?=[\s>])")):
            text = string_around(use)
            above = use.holder(1) if text is use.node else use.holder(2)
            # `'<script'` as an argument of indexOf, replace or split is looked for, not inserted.
            if text is not None and not _is_searched(text, above, script.data):
                yield Act("script-tag", "<script> in a text", match.start())


def _is_searched(text: Node, above: Node | None, data: bytes) -> bool:
    call = above.parent if above is not None and above.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    method = function.child_by_field_name("property") if function is not None else None
    names = ("indexOf", "includes", "search", "split", "startsWith", "test", "match")
    return text.type == "string" and method is not None and text_of(method, data) in names


def _dialogs(script: Script) -> Iterator[Act]:
    for name in _DIALOGS:
        found = [use for use in uses(script, name) if called(use, script.data) is not None]
        if found and not declares(script, name):
            yield from (Act("dialog", f"{name.decode()}(...)", use.offset) for use in found)


def _debuggers(script: Script) -> Iterator[Act]:
    for use in uses(script, b"debugger"):
        if use.node.type in ("debugger", "debugger_statement"):
            yield Act("debugger", "debugger", use.offset)


def _consoles(script: Script) -> Iterator[Act]:
    for use in uses(script, b"console"):
        member, call = use.holder(1), use.holder(2)
        if use.node.type != "identifier" or member is None or member.type != "member_expression":
            continue
        method = member.child_by_field_name("property")
        if call is None or call.type != "call_expression" or method is None or method == use.node:
            continue
        what = f"console.{text_of(method, script.data)}"
        allowed = what == "console.trace" and _handles_a_failure(use, script.data)
        yield Act("console-trace" if allowed else "console", what, use.offset)


def _handles_a_failure(use: Use, data: bytes) -> bool:
    """Tell whether a place lies in a ``catch`` block or in a function that is called when a promise fails."""
    for index in range(len(use.holders) - 1, 1, -1):
        holder = use.holders[index]
        if holder.type == "catch_clause":
            return True
        if holder.type in _FUNCTIONS and use.holders[index - 1].type == "arguments":
            function = use.holders[index - 2].child_by_field_name("function")
            method = function.child_by_field_name("property") if function is not None else None
            name = text_of(method, data) if method is not None else ""
            given = arguments(use.holders[index - 2])
            if name in _REJECTED or (name == "then" and len(given) > 1 and given[1] == holder):
                return True
    return False


def _waiting(script: Script) -> Iterator[Act]:
    for use in uses(script, b"async"):
        pair = use.holder(2) if use.node.type == "string_fragment" else use.holder(1)
        key = use.holder(1) if use.node.type == "string_fragment" else use.node
        if pair is not None and pair.type == "pair" and pair.child_by_field_name("key") == key:
            value = pair.child_by_field_name("value")
            if value is not None and text_of(value, script.data) in ("false", "!1"):
                yield Act("waiting", "async: false", use.offset)
    for use in uses(script, b"open"):
        call = method_call(use)
        given = arguments(call) if call is not None else []
        if len(given) > 2 and text_of(given[2], script.data) in ("false", "!1"):  # noqa: PLR2004  # (method, url, async)
            verb = literal(bare(given[0]), script.data) or ""
            if verb.upper() in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
                yield Act("waiting", "open(..., false)", use.offset)


def _owned(script: Script) -> Iterator[Act]:
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
    if above is None or above.type not in ("assignment_expression", "augmented_assignment_expression"):
        return None
    return node if above.child_by_field_name("left") == node else None


def _globals(script: Script) -> Iterator[Act]:
    for use in uses(script, b"window"):
        member, above = use.holder(1), use.holder(2)
        if use.node.type != "identifier" or member is None or member.child_by_field_name("object") != use.node:
            continue
        if above is None or above.type != "assignment_expression" or above.child_by_field_name("left") != member:
            continue
        key = member.child_by_field_name("property") or member.child_by_field_name("index")
        name = "" if key is None else literal(key, script.data) or text_of(key, script.data)
        if member.type == "subscript_expression" and (key is None or key.type != "string"):
            continue
        if name and not re.fullmatch(_BROWSERS_OWN, name) and name not in ("APP", "AMOCRM"):
            yield Act("global", f"window.{name}", use.offset)


def _loops(script: Script) -> Iterator[Act]:
    for name in _REQUESTS:
        for use in uses(script, name):
            if method_call(use) is not None and _in_loop(use, script.data):
                yield Act("loop", name.decode(), use.offset)


def _in_loop(use: Use, data: bytes) -> bool:
    """Tell whether a place runs once per turn of a loop: in its body, or in the function that ``forEach`` calls."""
    for index in range(len(use.holders) - 1, 1, -1):
        holder = use.holders[index]
        if holder.type in _LOOPS:
            return True
        if holder.type in _FUNCTIONS:
            call = use.holders[index - 2]
            function = call.child_by_field_name("function")
            method = function.child_by_field_name("property") if function is not None else None
            return use.holders[index - 1].type == "arguments" and method is not None and text_of(method, data) in _EACH
    return False

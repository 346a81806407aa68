"""What a script does that the platform or its moderation minds: facts only, each with its place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.act import Act, Kind
from widgetpack.scripts.code import (
    Use,
    arguments,
    called,
    declares,
    is_searched,
    literal_argument,
    method_call,
    string_around,
    texts,
    uses,
)
from widgetpack.scripts.nodes import bare, literal, text_of
from widgetpack.scripts.requests import in_loops
from widgetpack.scripts.writes import made_globals, owned, top_level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

_TIMERS: Final = (b"setTimeout", b"setInterval")
_DIALOGS: Final = (b"alert", b"confirm", b"prompt")
_SCRIPT_TAG: Final = rb"(?i)<script(?=[\s>/])[^>]{0,300}"
_OTHER_TYPE: Final = rb"(?i)\btype\s*=\s*\\?[\"']?(?!(?:text|application)/(?:java|ecma)script|module)[a-z]"
_REJECTED: Final = ("catch", "fail")
_FUNCTIONS: Final = ("function_expression", "arrow_function", "function_declaration", "method_definition")


@lru_cache(maxsize=256)
def acts(script: Script) -> tuple[Act, ...]:
    """Return all that a script does, by kind and in the order of the text; of a glanced script what words tell."""
    if script.glanced:
        from widgetpack.scripts.glanced_acts import glanced_acts  # few widgets hold such a script

        return glanced_acts(script.data)
    own = (_evaluated, _tags, _dialogs, _debuggers, _consoles, _waiting)
    return tuple(act for find in (*own, owned, made_globals, top_level, in_loops) for act in find(script))


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
        for match, use in texts(script, re.compile(_SCRIPT_TAG)):
            text = string_around(use)
            # A text that only speaks of the tag does not begin with it; templates have a type of their own.
            if text is None or script.data[text.start_byte + 1 : match.start()].strip():
                continue
            if not re.search(_OTHER_TYPE, match[0]) and not is_searched(text, script.data):
                yield Act("script-tag", "<script> in a text", match.start())


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
        if use.node.type != "identifier" or member is None or member.child_by_field_name("object") != use.node:
            continue
        method = member.child_by_field_name("property") or member.child_by_field_name("index")
        if call is None or call.type != "call_expression" or call.child_by_field_name("function") != member:
            continue
        name = (literal(method, script.data) or text_of(method, script.data)) if method is not None else ""
        what = f"console.{name}"
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
            is_script = _asks_for_a_script(pair.parent, script.data)  # what jQuery does with a script it inserts
            if value is not None and text_of(value, script.data) in ("false", "!1") and not is_script:
                yield Act("waiting", "async: false", use.offset)
    for use in uses(script, b"open") if b"open(" in script.data else ():
        call = method_call(use)
        given = arguments(call) if call is not None else []
        if len(given) > 2 and text_of(given[2], script.data) in ("false", "!1"):  # noqa: PLR2004  # (method, url, async)
            verb = literal(bare(given[0]), script.data) or ""
            if verb.upper() in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
                yield Act("waiting", "open(..., false)", use.offset)


def _asks_for_a_script(options: Node | None, data: bytes) -> bool:
    return options is not None and re.search(r"dataType[\"']?\s*:\s*[\"']script", text_of(options, data)) is not None

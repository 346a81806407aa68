"""Which names a script gives to something: keys, methods, members that are set, names in brackets and lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from widgetpack.scripts.code import arguments, has_word, method_call, root_of, string_around, texts, uses
from widgetpack.scripts.nodes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from widgetpack.scripts.code import Use
    from widgetpack.scripts.javascript import Script

_EVENTS: Final = ("on", "off", "once", "one", "trigger", "emit", "addEventListener", "removeEventListener")
_NAMING: Final = ("method_definition", "field_definition", "array", "switch_case", "computed_property_name")
_SETTING: Final = ("assignment_expression", "augmented_assignment_expression")


def gives(script: Script, name: str) -> bool:
    """Tell whether ``name`` may become a member of something; of a script without a tree, whether it is a word at all."""
    if not has_word(script.data, name.encode()):
        return False
    if root_of(script) is None:
        return True
    return any(_is_given(use, script.data) for use in uses(script, name.encode())) or _is_split(script, name)


def _is_given(use: Use, data: bytes) -> bool:
    key, above = use.node, use.holders
    if key.type == "string_fragment":
        key, above = above[-1], above[:-1]
    parent, outer = (above[-1] if above else None), (above[-2] if len(above) > 1 else None)
    if parent is None or outer is None or key.type == "shorthand_property_identifier":
        return key.type == "shorthand_property_identifier"
    if parent.type == "pair":
        named = parent.child_by_field_name("key")
        # `{key: "render", value: ...}` is how compilers write the methods of a class.
        return named == key or (named is not None and key.type == "string" and text_of(named, data) == "key")
    if parent.type in ("member_expression", "subscript_expression"):
        is_key = parent.child_by_field_name("object") != key
        return is_key and outer.type in _SETTING and outer.child_by_field_name("left") == parent
    if key.type in ("string", "template_string"):
        return parent.type in _NAMING or (parent.type == "arguments" and _is_handed_on(outer, data))
    return key.type == "property_identifier" and parent.type in _NAMING


def _is_handed_on(call: Node, data: bytes) -> bool:
    """Tell whether a call may give a member the name that it gets: ``add('render', draw)``; events are no members."""
    function = call.child_by_field_name("function")
    named = function.child_by_field_name("property") or function if function is not None else None
    return named is not None and len(arguments(call)) > 1 and text_of(named, data) not in _EVENTS


def _is_split(script: Script, name: str) -> bool:
    """Tell whether ``name`` stands in a text of names that is taken apart: ``'init render'.split(' ')``."""
    if b".split(" not in script.data:
        return False
    for _, use in texts(script, re.compile(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])")):
        text = string_around(use)
        above = text.parent if text is not None else None
        named = above.child_by_field_name("property") if above is not None else None
        if named is not None and text_of(named, script.data) == "split":
            return True
    return False


def loads_later(script: Script) -> bool:
    """Tell whether the code loads more code while it runs, or gives its callbacks names that only running tells."""
    data = script.data
    if any(
        use.node.type == "import" and use.holders[-1].type in ("call_expression", "import")
        for use in uses(script, b"import")
    ):
        return True
    for word in (b"require", b"requirejs"):
        for use in uses(script, word):
            call = use.holder(1) if use.node.type == "identifier" else method_call(use)
            given = arguments(call) if call is not None and call.type == "call_expression" else []
            if given and given[0].type == "array":
                return True
    return any(_is_computed(use, data) for use in uses(script, b"callbacks"))


def _is_computed(use: Use, data: bytes) -> bool:
    """Tell whether what ``callbacks`` are is made by a call, or has a name in it that is computed."""
    holder = use.holder(1)
    if holder is None:
        return False
    if holder.type == "member_expression" and holder.child_by_field_name("property") == use.node:
        node, holder = holder, use.holder(2)
    else:
        node = use.node
    if holder is None:
        return False
    if holder.type == "subscript_expression" and holder.child_by_field_name("object") == node:
        index = holder.child_by_field_name("index")
        return index is not None and index.type not in ("string", "number")
    value = next((v for f in ("right", "value") if (v := holder.child_by_field_name(f)) is not None), None)
    if value is None or value == node:
        return False
    if value.type == "call_expression":
        return not re.match(r"(?:Object\.assign|(?:\$|jQuery|_)\.(?:extend|assign))\b", text_of(value, data))
    return value.type == "object" and any(
        key.type == "computed_property_name"
        for member in value.named_children
        if (key := member.child_by_field_name("key") or member.child_by_field_name("name")) is not None
    )

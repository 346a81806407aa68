"""Where a word stands in a script's code: found by search over the bytes, then by going down the tree to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.nodes import bare, literal, text_of
from widgetpack.scripts.tree import chain, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

WINDOWS: Final = ("window", "globalThis")
"""Not `self`: in widgets that is the widget."""
MAX_USES: Final = 2_000
"""Occurrences of one word that are looked at, which takes 20 ms; more are not judged."""

_STRINGS: Final = frozenset({"string", "string_fragment", "escape_sequence", "template_string", "jsx_text"})


class Use(NamedTuple):
    """One place in a script's code."""

    node: Node
    """The smallest node there."""
    holders: tuple[Node, ...]
    """The nodes around it, the whole program first, the nearest last."""

    @property
    def offset(self) -> int:
        """Where the place is, in bytes."""
        return self.node.start_byte

    def holder(self, back: int) -> Node | None:
        """Return the nearest holder for 1, the one around it for 2, and so on."""
        return self.holders[-back] if back <= len(self.holders) else None


def words(data: bytes, word: bytes) -> Iterator[int]:
    """Yield where ``word`` stands as a whole name, in code or elsewhere; an empty word stands nowhere."""
    at = data.find(word) if word else -1
    while at >= 0:
        if not (_is_letter(data[at - 1 : at]) or _is_letter(data[at + len(word) : at + len(word) + 1])):
            yield at
        at = data.find(word, at + len(word))


def _is_letter(sign: bytes) -> bool:
    return sign.isalnum() or sign in (b"_", b"$")


def has_word(data: bytes, word: bytes) -> bool:
    """Tell whether ``word`` stands anywhere in ``data`` as a whole name."""
    return next(words(data, word), None) is not None


def root_of(script: Script) -> Node | None:
    """Return the script's tree, or None where it has a fault or was only glanced at."""
    if script.fault is not None or script.glanced:
        return None
    tree = parse(script.data)
    return None if tree is None else tree.root_node


def uses(script: Script, word: bytes) -> Iterator[Use]:
    """Yield every place where ``word`` is a name or a key of the code: not in comments, not a part of a text."""
    root = None
    for count, start in enumerate(words(script.data, word)):
        root = root or root_of(script)
        if root is None or count >= MAX_USES:
            return
        *holders, node = chain(root, start, start + len(word))
        while holders and (holders[-1].start_byte, holders[-1].end_byte) == (node.start_byte, node.end_byte):
            node = holders.pop()  # a keyword that is a whole statement by itself: the statement
        if (node.start_byte, node.end_byte) == (start, start + len(word)) and node.type != "comment":
            yield Use(node, tuple(holders))


def texts(script: Script, found: re.Pattern[bytes]) -> Iterator[tuple[re.Match[bytes], Use]]:
    """Yield what ``found`` matches inside the string literals and templates of the code."""
    root = None
    for count, match in enumerate(found.finditer(script.data)):
        root = root or root_of(script)
        if root is None or count >= MAX_USES:
            return
        *holders, node = chain(root, match.start(), match.start() + 1)
        if node.type in _STRINGS or (holders and holders[-1].type in _STRINGS and node.type != "template_substitution"):
            yield match, Use(node, tuple(holders))


def string_around(use: Use) -> Node | None:
    """Return the string literal or template in which ``use`` lies."""
    for node in (use.node, *reversed(use.holders[-2:])):
        if node.type in ("string", "template_string"):
            return node
    return None


WIDGETS: Final = ("this", "self", "_this", "that", "_self", "widget", "_widget", "me")
"""Names under which scripts keep the widget."""


def is_widget(owner: Node, script: Script) -> bool:
    """Tell whether an expression is the widget: ``this``, a name that scripts keep it under, or one declared as ``this``."""
    name = text_of(owner, script.data)
    if name in WIDGETS:
        return True
    if owner.type != "identifier":
        return False
    declared = rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*=\s*this(?![\w$.(\[])"
    return re.search(declared, script.data) is not None


_SEARCHING: Final = ("indexOf", "includes", "search", "split", "startsWith", "endsWith", "test", "match", "replace")


def is_searched(text: Node, data: bytes) -> bool:
    """Tell whether a text is only looked for: the first argument of ``indexOf`` and the like, or compared with."""
    above = text.parent
    if above is not None and above.type == "binary_expression":
        operator = above.child_by_field_name("operator")
        return operator is not None and operator.type in ("==", "===", "!=", "!==")
    call = above.parent if above is not None and above.type == "arguments" else None
    if call is None or call.type != "call_expression" or arguments(call)[:1] != [text]:
        return False
    function = call.child_by_field_name("function")
    method = function.child_by_field_name("property") if function is not None else None
    return method is not None and text_of(method, data) in _SEARCHING


def called(use: Use, data: bytes) -> Node | None:
    """Return the call of which ``use`` is the function: ``name(...)``, or ``window.name(...)``."""
    parent, above = use.holder(1), use.holder(2)
    if use.node.type == "identifier" and parent is not None and parent.type == "call_expression":
        return parent if parent.child_by_field_name("function") == use.node else None
    if parent is not None and parent.type == "member_expression" and parent.child_by_field_name("property") == use.node:
        owner = parent.child_by_field_name("object")
        if owner is not None and text_of(owner, data) in WINDOWS and above is not None:
            return (
                above if above.type == "call_expression" and above.child_by_field_name("function") == parent else None
            )
    return None


def method_call(use: Use) -> Node | None:
    """Return the call of which ``use`` is the method's name: ``anything.name(...)``."""
    parent, above = use.holder(1), use.holder(2)
    if parent is None or above is None or parent.type != "member_expression" or above.type != "call_expression":
        return None
    return above if above.child_by_field_name("function") == parent and use.node.type != "identifier" else None


def arguments(call: Node) -> list[Node]:
    """Return the arguments of a call or of ``new``."""
    listing = call.child_by_field_name("arguments")
    return [] if listing is None else [n for n in listing.named_children if n.type not in ("comment", "html_comment")]


def literal_argument(call: Node, data: bytes) -> str | None:
    """Return the first argument of ``call`` where it is a literal text."""
    given = arguments(call)
    return literal(bare(given[0]), data) if given else None


_DECLARING: Final = frozenset(
    {
        "formal_parameters",
        "assignment_pattern",
        "rest_pattern",
        "array_pattern",
        "object_pattern",
        "import_specifier",
        "import_clause",
        "class_declaration",
    }
)


def declares(script: Script, word: bytes) -> bool:
    """Tell whether the script declares ``word`` itself anywhere, so that it need not be the browser's or the platform's."""
    return any(_is_declared(use) for use in uses(script, word))


def _is_declared(use: Use) -> bool:
    parent = use.holder(1)
    if use.node.type == "shorthand_property_identifier_pattern":
        return True
    if parent is None or use.node.type != "identifier":
        return False
    if parent.type in ("variable_declarator", "function_declaration", "generator_function_declaration"):
        return parent.child_by_field_name("name") == use.node
    if parent.type == "arrow_function":
        return parent.child_by_field_name("parameter") == use.node
    return parent.type in _DECLARING

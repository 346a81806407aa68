"""Facts of one script: the ``define`` calls in it, what they ask for, and where its syntax breaks."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from widgetpack.javascript_syntax import unreadable, verdict
from widgetpack.javascript_tree import captures, chain, parse, string_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from widgetpack.model import Fault

Span = tuple[int, int]
"""Start and end, in bytes from the start of the file."""
ListForm = Literal["array", "absent", "expression"]
FactoryKind = Literal["function", "arrow", "object", "other", "none"]


class Dependency(NamedTuple):
    """One module that a script asks for."""

    id: str | None
    """The id as RequireJS sees it, escapes undone; None where it is computed when the script runs."""
    source: str
    """The expression as written: ``"./a.js"`` with its quotes, ``'./app.js?v=' + Date.now()``."""
    offset: int
    """Where ``source`` starts, in bytes."""
    end: int


class Define(NamedTuple):
    """One call of ``define``."""

    start: int
    end: int
    arguments: Span
    """The argument list with its parentheses."""
    name: str | None
    """The module's name, where it is a literal."""
    list_form: ListForm
    """``expression``: something that is no array literal stands where the dependencies (or a name) would."""
    deps: tuple[Dependency, ...] | None
    """The elements of the dependency array; None where there is no array literal."""
    required: tuple[Dependency, ...]
    """Without a list: the ``require("literal")`` calls that RequireJS finds in a factory with parameters."""
    factory: Span | None
    """The last argument, parentheses around it included."""
    factory_kind: FactoryKind
    """``function`` and ``arrow`` are plain ones, which RequireJS calls; async functions and generators are ``other``."""
    parameters: int | None
    """What the ``length`` of the factory is, also behind a name; None where it cannot be seen, or it is no function."""
    top_level: bool
    """Whether the call is a whole statement of the program."""
    via_window: bool
    """Whether it is written ``window.define(...)``, or with ``self`` or ``globalThis``."""

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What RequireJS loads before it calls the factory, in order; the three magic names may be among it."""
        return self.required if self.deps is None else self.deps


class Script(NamedTuple):
    """A JavaScript file, looked at once."""

    path: str
    data: bytes
    defines: tuple[Define, ...]
    fault: Fault | None
    """Why it is no JavaScript. Kinds: ``syntax``, ``nul``, ``encoding``, ``too-large``, ``too-deep``."""
    has_jsx: bool = False
    module_syntax: int | None = None
    """Where the first ``import`` or ``export`` statement is: the platform loads scripts, in which these are errors."""


_WORD: Final = re.compile(rb"(?<![\w$])define(?![\w$])")
_GLOBALS: Final = ("window", "self", "globalThis")
_SHAPES: Final = """
(jsx_element) @jsx (jsx_self_closing_element) @jsx
(program (import_statement) @module) (program (export_statement) @module)
"""
_COMMENT: Final = re.compile(r"/\*[\s\S]*?\*/|([^:\"'=]|(?:^|(?<=[\n\r\u2028\u2029])))//[^\n\r\u2028\u2029]*")
"""RequireJS' own idea of a comment (``commentRegExp`` of version 2.3), which keeps the character before ``//``."""
_REQUIRE: Final = re.compile(r"""[^.]\s*require\s*\(\s*(["']([^'"\s]+)["'])\s*\)""")
"""RequireJS' ``cjsRequireRegExp``: it looks at text, not at syntax."""
_FUNCTIONS: Final = ("function_expression", "arrow_function", "function_declaration")


@lru_cache(maxsize=64)
def load_script(path: str, data: bytes, *, sound: bool = False) -> Script:
    """Read the facts of a script. Never raises; a text that cannot be read has a ``fault`` and no defines.

    ``sound`` says that the syntax is known to be right, which spares asking esbuild. Remembered, because checking and
    linking ask the same, and because a save changes one script of many.
    """
    fault = unreadable(data)
    tree = None if fault else parse(data)
    if tree is None:
        return Script(path, data, (), fault or verdict(data, None))
    root = tree.root_node
    shapes = captures(root, _SHAPES) if b"<" in data or b"import" in data or b"export" in data else {}
    modules = shapes.get("module")
    return Script(
        path,
        data,
        tuple(_defines(root, data)) if b"define" in data else (),
        None if sound else verdict(data, root),
        has_jsx="jsx" in shapes,
        module_syntax=modules[0].start_byte if modules else None,
    )


def text_of(node: Node, data: bytes) -> str:
    """Return the text of ``node``."""
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def literal(node: Node, data: bytes) -> str | None:
    """Return the value of a string literal or of a template without substitutions, else None."""
    if node.type == "string":
        return string_value(text_of(node, data))
    if node.type == "template_string" and all(c.type != "template_substitution" for c in node.named_children):
        return string_value(text_of(node, data))
    return None


def bare(node: Node) -> Node:
    """Return ``node`` without the parentheses around it."""
    while node.type == "parenthesized_expression":
        inner = [c for c in node.named_children if c.type != "comment"]
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def _defines(root: Node, data: bytes) -> Iterator[Define]:
    for word in _WORD.finditer(data):
        # Going down to each word is far cheaper than a query over every node: 5 ms instead of 3 s on 1 MB.
        holders = chain(root, word.start(), word.end())
        via_window = len(holders) > 1 and holders[-2].type == "member_expression"
        callee = holders[-2] if via_window else holders[-1]
        holders = holders[: holders.index(callee)]
        if (callee.start_byte, callee.end_byte) != word.span() and not (
            via_window and _is_global(callee, word.end(), data)
        ):
            continue
        if (
            not holders
            or holders[-1].type != "call_expression"
            or holders[-1].child_by_field_name("function") != callee
        ):
            continue
        top_level = [n.type for n in holders[:-1]] == ["program", "expression_statement"]
        yield _define(holders[-1], root, data, via_window, top_level)


def _is_global(member: Node, end: int, data: bytes) -> bool:
    """Tell whether ``member`` is ``window.define`` or the like, with the word ``define`` ending at ``end``."""
    owner = member.child_by_field_name("object")
    return owner is not None and member.end_byte == end and text_of(owner, data) in _GLOBALS


def _define(call: Node, root: Node, data: bytes, via_window: bool, top_level: bool) -> Define:  # noqa: FBT001
    listing = call.child_by_field_name("arguments")
    given = [] if listing is None else [n for n in listing.named_children if n.type not in ("comment", "html_comment")]
    span = (call.end_byte, call.end_byte) if listing is None else (listing.start_byte, listing.end_byte)
    name, rest, form = _name_and_rest(given, data)
    deps = None
    if rest and bare(rest[0]).type == "array":
        form, deps = "array", tuple(_elements(bare(rest[0]), data))
    factory = rest[-1] if rest and not (deps is not None and len(rest) == 1) else None
    body = None if factory is None else resolve(factory, root, data)
    kind = _kind(factory)
    count = None if body is None else length(body)
    required = tuple(_required(body, data)) if body is not None and form == "absent" and count else ()
    return Define(
        call.start_byte,
        call.end_byte,
        span,
        name,
        form,
        deps,
        required,
        None if factory is None else (factory.start_byte, factory.end_byte),
        kind,
        count,
        top_level,
        via_window,
    )


def _name_and_rest(given: list[Node], data: bytes) -> tuple[str | None, list[Node], ListForm]:
    """Split the arguments as RequireJS does: a string first is the name; then an array; then the factory."""
    if any(n.type == "spread_element" for n in given):
        return None, given[-1:], "expression"
    if len(given) > 1 and (name := literal(bare(given[0]), data)) is not None:
        given = given[1:]
        form: ListForm = "expression" if len(given) > 1 else "absent"
        return name, given, form
    return None, given, "expression" if len(given) > 1 else "absent"


def _elements(array: Node, data: bytes) -> Iterator[Dependency]:
    for node in array.named_children:
        if node.type not in ("comment", "html_comment"):
            yield Dependency(literal(node, data), text_of(node, data), node.start_byte, node.end_byte)


def _kind(factory: Node | None) -> FactoryKind:
    if factory is None:
        return "none"
    node = bare(factory)
    if node.type in ("function_expression", "arrow_function"):
        is_async = any(c.type == "async" for c in node.children)
        return "other" if is_async else "arrow" if node.type == "arrow_function" else "function"
    return "object" if node.type == "object" else "other"


def resolve(factory: Node, root: Node, data: bytes) -> Node | None:
    """Return the function literal behind a factory: itself, a function of that name, or an argument of the file's IIFE.

    None where it cannot be told, and for async functions and generators, which RequireJS does not call.
    """
    node = bare(factory)
    if node.type in _FUNCTIONS:
        return None if any(c.type == "async" for c in node.children) else node
    if node.type != "identifier":
        return None
    name = text_of(node, data)
    holders = chain(root, node.start_byte, node.end_byte)
    for index in range(len(holders) - 1, -1, -1):
        holder = holders[index]
        if holder.type in ("function_expression", "arrow_function"):
            parameters = [text_of(p, data) for p in parameter_nodes(holder)]
            if name in parameters:
                return _argument(holders[:index], holder, parameters.index(name))
        if holder.type in ("program", "statement_block"):
            for statement in holder.named_children:
                if statement.type == "function_declaration":
                    named = statement.child_by_field_name("name")
                    if named is not None and text_of(named, data) == name:
                        return None if any(c.type == "async" for c in statement.children) else statement
    return None


def _argument(holders: list[Node], function: Node, index: int) -> Node | None:
    """Return the function literal that the call around ``function`` hands to its parameter ``index``."""
    for holder in reversed(holders):
        if holder.type == "parenthesized_expression":
            continue
        if holder.type != "call_expression":
            return None
        called = holder.child_by_field_name("function")
        listing = holder.child_by_field_name("arguments")
        if called is None or listing is None or bare(called).start_byte != function.start_byte:
            return None
        given = [bare(n) for n in listing.named_children if n.type != "comment"]
        node = given[index] if index < len(given) else None
        return node if node is not None and node.type in _FUNCTIONS else None
    return None


def parameter_nodes(function: Node) -> list[Node]:
    """Return the parameters of a function node, patterns and defaults as they are."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    listing = function.child_by_field_name("parameters")
    return [] if listing is None else [n for n in listing.named_children if n.type not in ("comment", "html_comment")]


def length(function: Node) -> int:
    """Return what the ``length`` of a function would be: its parameters before the first default or rest."""
    count = 0
    for node in parameter_nodes(function):
        if node.type in ("assignment_pattern", "rest_pattern"):
            break
        count += 1
    return count


def _required(function: Node, data: bytes) -> Iterator[Dependency]:
    """Find the ``require`` calls in a factory's text as RequireJS does, and map them back to the file's bytes."""
    text = text_of(function, data)
    kept: list[tuple[int, int]] = [(0, 0)]  # (offset in the stripped text, offset in the text), one pair per piece
    pieces: list[str] = []
    size = end = 0
    for comment in _COMMENT.finditer(text):
        keep_until = comment.end(1) if comment[1] is not None else comment.start()
        pieces.append(text[end:keep_until])
        size += keep_until - end
        end = comment.end()
        kept.append((size, end))
    pieces.append(text[end:])
    starts = [stripped for stripped, _ in kept]
    for match in _REQUIRE.finditer("".join(pieces)):
        stripped, original = kept[bisect_right(starts, match.start(1)) - 1]
        at = original + match.start(1) - stripped
        offset = function.start_byte + len(text[:at].encode())
        yield Dependency(match[2], match[1], offset, offset + len(match[1].encode()))

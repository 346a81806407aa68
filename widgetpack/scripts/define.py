"""The ``define`` calls of one script: what they ask for, and what RequireJS makes of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from widgetpack.scripts.nodes import bare, length, literal, resolve, text_of
from widgetpack.scripts.tree import chain, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

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


_WORD: Final = rb"(?<![\w$])define(?![\w$])"
_GLOBALS: Final = ("window", "self", "globalThis")
_GLANCED: Final = rb"define\(\s*(?=[\[\"'`(\w$])"
_OWNERS: Final = tuple(f"{name}.".encode() for name in _GLOBALS)
_NO_CALL: Final = rb"[\w$.\"'`]\Z"
_GLANCED_BYTES: Final = 4_096
"""How much of a call is looked at: the longest list of dependencies in the public widgets at hand ends after 472."""
_COMMENT: Final = r"/\*|([^:\"'=]|(?:^|(?<=[\n\r\u2028\u2029])))//[^\n\r\u2028\u2029]*"
"""RequireJS' own idea of a comment (``commentRegExp`` of version 2.3), which keeps the character before ``//``; of the
other kind only the start, as looking for an end that is not there, once for each start, takes the square of the text."""
_REQUIRE: Final = r"""(?<=[^.])require\s*\(\s*(["']([^'"\s]+)["'])\s*\)"""
"""RequireJS' ``cjsRequireRegExp``, which looks at text, not at syntax. What it allows before the word comes to this: one
character that is no dot, and that no call before has taken."""


def defines(root: Node, data: bytes) -> Iterator[Define]:
    """Yield the calls of ``define`` in a script, in the order of the text."""
    for word in re.finditer(_WORD, data):
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


def glanced_defines(data: bytes) -> Iterator[Define]:
    """Find the calls of ``define`` in a large text without parsing it: only start, name and dependencies are sure.

    Each call is cut off after some kilobytes and parsed by itself: tree-sitter reads the list before the cut all the same.
    What stands in the middle of a string or behind code in a comment is taken for code, which such texts hardly have.
    """
    for call in re.finditer(_GLANCED, data):
        before = data[max(0, call.start() - 12) : call.start()]
        owner = next((o for o in _OWNERS if before.endswith(o)), b"")
        line = data[max(0, call.start() - 200) : call.start()].rpartition(b"\n")[2].lstrip()
        if re.search(_NO_CALL, before[: len(before) - len(owner)]) or line.startswith((b"*", b"//", b"/*")):
            continue
        start = call.start() - len(owner)
        piece = data[start : start + _GLANCED_BYTES]
        tree = parse(piece)
        if tree is None:
            continue
        given = _cut_arguments(tree.root_node, len(owner) + len("define"))
        name, rest, form = _name_and_rest(given, piece)
        deps = tuple(_elements(bare(rest[0]), piece)) if rest and bare(rest[0]).type == "array" else None
        moved = None if deps is None else tuple(_moved(d, start) for d in deps)
        end = start + len(piece)
        span = (call.start() + len("define"), end)
        form = form if deps is None else "array"
        yield Define(start, end, span, name, form, moved, (), None, "other", None, False, bool(owner))  # noqa: FBT003


def _cut_arguments(root: Node, opening: int) -> list[Node]:
    """Return the arguments of the call whose parenthesis is at ``opening``, also where the call is cut off."""
    holder = chain(root, opening, opening + 1)[-2]
    nodes = [n for n in holder.children if n.start_byte > opening]
    return [n for n in nodes if n.is_named and n.type not in ("comment", "html_comment")][:3]


def _moved(dependency: Dependency, by: int) -> Dependency:
    return dependency._replace(offset=dependency.offset + by, end=dependency.end + by)


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


def _required(function: Node, data: bytes) -> Iterator[Dependency]:
    """Map what a factory's text asks for back to the file's bytes."""
    text = text_of(function, data)
    offset, end = function.start_byte, 0
    for name, source, at in asked_in(text):
        offset += len(text[end:at].encode())
        yield Dependency(name, source, offset, offset + len(source.encode()))
        end = at


def asked_in(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield id, string literal and its offset in characters of each ``require`` that RequireJS finds in a factory's text."""
    kept: list[tuple[int, int]] = [(0, 0)]  # (offset in the stripped text, offset in the text), one pair per piece
    pieces: list[str] = []
    size = end = 0
    for keep_until, behind in _comments(text):
        pieces.append(text[end:keep_until])
        size += keep_until - end
        end = behind
        kept.append((size, end))
    pieces.append(text[end:])
    starts = [stripped for stripped, _ in kept]
    taken = -1
    for match in re.finditer(_REQUIRE, "".join(pieces)):
        if match.start() != taken:
            taken = match.end()
            stripped, original = kept[bisect_right(starts, match.start(1)) - 1]
            yield match[2], match[1], original + match.start(1) - stripped


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Yield where RequireJS takes something for a comment: what it keeps ends, and the comment ends."""
    pattern = re.compile(_COMMENT)
    at, last = 0, text.rfind("*/")
    while (found := pattern.search(text, at)) is not None:
        if found[1] is not None:
            yield found.end(1), found.end()
            at = found.end()
        elif found.end() <= last:
            at = text.index("*/", found.end()) + 2
            yield found.start(), at
        else:
            at = found.start() + 1

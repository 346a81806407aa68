"""Selectors of css: what ties each of them to elements of somebody's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tinycss2 import ast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Selector(NamedTuple):
    """One selector of a list."""

    raw: bytes
    """As written; empty where a comma has nothing beside it."""
    offset: int
    handles: tuple[str, ...]
    """What an element must have to match, itself or around it, tags and pseudo-classes aside: ``.name``, ``#name``,
    ``[attribute]``, ``my-element``, ``:host``. What stands in ``:not()`` is none."""

    @property
    def text(self) -> str:
        """Return it for people: blanks put together, comments left out."""
        return " ".join(_COMMENT.sub(b" ", self.raw).decode("utf-8", "replace").split())


_COMMENT: Final = re.compile(rb"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ELEMENT: Final = re.compile(r"[a-zA-Z]\w*-")
_BYTES: Final = re.compile("[\x80-\xff]+")
_BLANK: Final = ("whitespace", "comment")


def significant(tokens: list[ast.Node]) -> Iterator[ast.Node]:
    """Yield all but blanks and comments."""
    return (token for token in tokens if token.type not in _BLANK)


def decoded(name: str) -> str:
    """Return a name or address as the file means it, which was read as Latin-1; U+FFFD for what no file can hold."""
    if name.isascii():
        return name
    text = _BYTES.sub(lambda match: match[0].encode("latin-1").decode("utf-8", "replace"), name)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def sign(token: ast.Node) -> str:
    """Return what a token of punctuation is; empty for others."""
    return token.value if isinstance(token, ast.LiteralToken) else ""


def inside(token: ast.Node) -> list[ast.Node]:
    """Return what stands between the brackets of ``token``."""
    if isinstance(token, ast.FunctionBlock):
        return token.arguments
    return (
        token.content
        if isinstance(token, (ast.CurlyBracketsBlock, ast.ParenthesesBlock, ast.SquareBracketsBlock))
        else []
    )


def flat(tokens: list[ast.Node], inner: Callable[[ast.Node], list[ast.Node]] = inside) -> Iterator[ast.Node]:
    """Yield ``tokens``, each before what is in it; without recursion, as css may nest as deep as it is long."""
    stack = [iter(tokens)]
    while stack:
        for token in stack[-1]:
            yield token
            if below := inner(token):
                stack.append(iter(below))
                break
        else:
            stack.pop()


def load_selectors(
    prelude: list[ast.Node], data: bytes, offset: Callable[[ast.Node], int], end: int
) -> tuple[Selector, ...]:
    """Return the selectors of a list that ends at byte ``end`` of ``data``; an empty one for each place that lacks one."""
    found = []
    commas = [index for index, token in enumerate(prelude) if sign(token) == ","]
    for first, last in zip([0, *(index + 1 for index in commas)], [*commas, len(prelude)], strict=True):
        until = offset(prelude[last]) if last < len(prelude) else end
        start = next(map(offset, significant(prelude[first:last])), until)
        found.append(Selector(data[start:until].rstrip(), start, tuple(map(decoded, _handles(prelude[first:last])))))
    return tuple(found)


def _handles(part: list[ast.Node]) -> Iterator[str]:
    before = ""
    for token in flat(part, _required):
        if isinstance(token, ast.HashToken):
            yield f"#{token.value}"
        elif isinstance(token, ast.SquareBracketsBlock):
            yield from [f"[{name.value}]" for name in token.content if isinstance(name, ast.IdentToken)][:1]
        elif isinstance(token, ast.IdentToken) and before == ".":
            yield f".{token.value}"
        elif before == ":":
            name = token.value if isinstance(token, ast.IdentToken) else getattr(token, "name", "")
            if name.lower().startswith("host"):
                yield ":host"
        elif isinstance(token, ast.IdentToken) and _ELEMENT.match(token.value):
            yield token.value
        before = sign(token)


def _required(token: ast.Node) -> list[ast.Node]:
    """Return what of the names in ``token`` an element must have."""
    return token.arguments if isinstance(token, ast.FunctionBlock) and token.lower_name != "not" else []

"""What a css file selects, sets and loads, and where browsers drop something, told from the syntax tree of tinycss2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tinycss2 import ast, parse_blocks_contents, parse_component_value_list, parse_stylesheet

from widgetpack.model import BOM, Fault
from widgetpack.styles.selectors import Selector, decoded, flat, inside, load_selectors, sign, significant

if TYPE_CHECKING:
    from collections.abc import Sequence


class Ruleset(NamedTuple):
    """A block of declarations and the selectors before it; of ``@scope`` the selectors that limit it."""

    selectors: tuple[Selector, ...]
    parent: int
    """Index in `Style.rules` of the rule around it; -1 outside of all."""
    properties: dict[str, int]
    """The names that it sets, without those of nested rules, each with the byte where it is set first."""


class Link(NamedTuple):
    """An address that the css makes the browser load."""

    url: str
    offset: int
    is_import: bool
    fallback_of: int
    """Where the ``@font-face`` starts whose fonts are tried one after the other; -1 for what stands alone."""


_IMPORT: Final = Link("", 0, is_import=True, fallback_of=-1)


class _Around(NamedTuple):
    """What a statement stands in."""

    rule: int = -1
    selects: bool = True
    font: int = -1


_AROUND_RULES: Final = (
    "media",
    "supports",
    "layer",
    "container",
    "scope",
    "starting-style",
    "document",
    "-moz-document",
)
"""At-rules that hold rules; what others hold (steps, fonts, pages) selects nothing."""
_END: Final = " \n{}"
"""Put after the text: tinycss2 does not say what is open at the end, which is where this block is then found."""
_DECLARED: Final = re.compile(rb"[*_+#!$&.]?[-\w\x80-\xff\\]++(?:\s++|/\*.*?\*/)*+:", re.DOTALL)
"""What is dropped on purpose, such as ``*zoom: 1`` for an old Internet Explorer, and a custom property that goes on after a
block, which tinycss2 1.5 splits in two."""
_LINE_END: Final = re.compile(rb"\r\n|[\r\n\f]")
_ENDS: Final = re.compile(rb"[;{}\r\n\f]")
_SHOWN: Final = 40
"""Bytes of a statement that a message repeats."""
_BETWEEN: Final = "`;` between rules: the browser drops the rule after it"
_NO_COMMENT: Final = "`//` starts no comment in css, and the browser drops what follows"
_DIGIT: Final = "a name in a selector starts with a digit: the browser drops the rule"
_NUMBERS: Final = (ast.NumberToken, ast.PercentageToken, ast.DimensionToken)
"""What no selector can have outside of brackets: ``.2col``, ``50%``."""
_BROKEN: Final = dict.fromkeys(("bad-string", "eof-in-string"), "a string is never closed on its line") | dict.fromkeys(
    ("bad-url", "eof-in-url"), "`url(` is never closed, or has a blank, quote or bracket in it and no quotes around"
)
"""What to say of each kind of broken token; any other kind is the bracket that closes nothing."""


class Reader:
    """One walk over the statements of a file, in order; neither it nor tinycss2 recurses."""

    def __init__(self, data: bytes) -> None:
        """Read ``data``. Raises ValueError where tinycss2 does, as for a number of 4,301 digits."""
        self.data = data
        first = len(BOM) if data.startswith(BOM) else 0
        self.starts = [first, *(match.end() for match in _LINE_END.finditer(data, first))]
        self.rules: list[Ruleset] = []
        self.links: list[Link] = []
        self.faults: list[Fault] = []
        # As Latin-1 each byte is a column, and above ASCII all bytes are letters to css, as what they stand for would be.
        tokens = parse_component_value_list(data[first:].decode("latin-1") + _END)
        wrong_from = self._end(tokens)
        nodes = parse_stylesheet(tokens, skip_comments=True, skip_whitespace=True)
        if wrong_from is None:
            self._errors(tokens, nodes, "`{}` has no block")
        self._walk(nodes)
        told = [fault for fault in self.faults if wrong_from is None or (fault.offset or 0) <= wrong_from]
        self.faults = sorted(told, key=lambda fault: fault.offset or 0)

    def offset(self, node: ast.Node) -> int:
        """Return where ``node`` starts."""
        return self.starts[node.source_line - 1] + node.source_column - 1

    def _fault(self, message: str, node: ast.Node) -> None:
        self.faults.append(Fault("syntax", message, self.offset(node)))

    def _end(self, tokens: list[ast.Node]) -> int | None:
        """Say what is open at the end, and take `_END` out; return from where an open `(` or `[` makes all look wrong."""
        opened: ast.Node | None = None
        while tokens and tokens[-1].source_line <= len(self.starts):
            opened = tokens[-1]
            tokens = inside(opened)
        if isinstance(opened, ast.Comment):
            self._fault("a comment is never closed", opened)
        if not tokens:
            return None  # a comment, string or address runs to the end
        tokens.pop()
        if opened is None:
            return None
        name = f"{opened.name}(" if isinstance(opened, ast.FunctionBlock) else chr(self.data[self.offset(opened)])
        self._fault(f"`{decoded(name)}` is never closed", opened)
        return None if name == "{" else self.offset(opened)

    def _walk(self, nodes: Sequence[ast.Node]) -> None:
        stack = [(iter(nodes), _Around())]
        while stack:
            left, around = stack[-1]
            for node in left:
                if isinstance(node, ast.Declaration):
                    self._declaration(node, around)
                elif isinstance(node, (ast.AtRule, ast.QualifiedRule)) and not _is_variable(node.prelude):
                    inner = self._at_rule(node, around) if isinstance(node, ast.AtRule) else self._rule(node, around)
                    content = node.content or []
                    statements = parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
                    self._errors(content, statements, "`{}` is no declaration: `name: value`")
                    stack.append((iter(statements), inner))
                    break
            else:
                stack.pop()

    def _errors(self, tokens: list[ast.Node], nodes: Sequence[ast.Node], message: str) -> None:
        """Note which statements among ``tokens`` are none; ``nodes`` tells only where each of them ends."""
        errors = [node for node in nodes if isinstance(node, ast.ParseError)]
        starts = _starts(tokens) if errors else {}
        for error in errors:
            first = starts[error.source_line, error.source_column]
            at = self.offset(first)
            text = _ENDS.split(self.data[at : at + _SHOWN], maxsplit=1)[0].decode("utf-8", "ignore").rstrip()
            if text.startswith("//"):
                self._fault(_NO_COMMENT, first)
            elif text and not _DECLARED.match(self.data, at):
                self._fault(message.format(text), first)

    def _declaration(self, node: ast.Declaration, around: _Around) -> None:
        self._values(node.value, Link("", 0, is_import=False, fallback_of=around.font))
        if around.selects and around.rule >= 0:
            self.rules[around.rule].properties.setdefault(decoded(node.name), self.offset(node))
        # Old filters of Internet Explorer, `progid:...`, and custom properties may have a colon in a value.
        following = None if node.name.startswith("--") or "filter" in node.lower_name else _following(node.value)
        if following:
            self._fault(f"`;` is missing before `{decoded(following.value)}`", following)

    def _at_rule(self, node: ast.AtRule, around: _Around) -> _Around:
        name = node.lower_at_keyword
        self._values(node.prelude, _IMPORT if name == "import" else None)
        first = next(significant(node.prelude), None)
        if name == "import" and isinstance(first, ast.StringToken):
            self._link(first.value, first, _IMPORT)
        if name == "font-face":
            return _Around(selects=False, font=self.offset(node))
        if name == "scope" and around.selects and isinstance(first, ast.ParenthesesBlock):
            return self._inside(load_selectors(first.content, self.data, self.offset, self.offset(first)), around)
        return around._replace(selects=around.selects and name in _AROUND_RULES)

    def _rule(self, node: ast.QualifiedRule, around: _Around) -> _Around:
        self._values(node.prelude)
        selectors = self._selectors(node) if around.selects else ()
        return self._inside(selectors, around) if selectors else around._replace(selects=False)

    def _inside(self, selectors: tuple[Selector, ...], around: _Around) -> _Around:
        """Note a rule; return what its block stands in."""
        self.rules.append(Ruleset(selectors, around.rule, {}))
        return around._replace(rule=len(self.rules) - 1)

    def _selectors(self, node: ast.QualifiedRule) -> tuple[Selector, ...]:
        """Return the selectors of a rule; none, and say why, where a browser drops it."""
        data, offset, prelude = self.data, self.offset, node.prelude
        first = next(significant(prelude), node)
        if any(isinstance(token, ast.ParseError) for token in prelude):
            return ()  # told by `_values`
        comment = data.startswith(b"//", offset(first))
        wrong = first if comment else next((t for t in prelude if sign(t) == ";" or isinstance(t, _NUMBERS)), None)
        if wrong:
            self._fault(_NO_COMMENT if comment else _BETWEEN if sign(wrong) else _DIGIT, wrong)
            return ()
        last = prelude[-1] if prelude else node
        end = offset(node.content[0]) - 1 if node.content else data.find(b"{", offset(last))
        parts = load_selectors(prelude, data, offset, end)
        empty = next((part.offset for part in parts if not part.raw), None)
        if empty is None:
            return parts
        message = "an empty selector: the browser drops the whole rule" if prelude else "a block without a selector"
        self.faults.append(Fault("syntax", message, empty))
        return ()

    def _values(self, tokens: list[ast.Node], like: Link | None = None) -> None:
        """Note what is broken in ``tokens``, and the addresses, if any can be: links as ``like`` is."""
        for token in flat(tokens):
            if isinstance(token, ast.ParseError):
                self._fault(_BROKEN.get(token.kind, f"unexpected `{token.kind}`: it closes nothing"), token)
            elif like and isinstance(token, ast.URLToken):
                self._link(token.value, token, like)
            elif like and isinstance(token, ast.FunctionBlock) and token.lower_name == "url":
                for text in token.arguments[:2]:
                    if isinstance(text, ast.StringToken):
                        self._link(text.value, token, like)

    def _link(self, url: str, node: ast.Node, like: Link) -> None:
        self.links.append(like._replace(url=decoded(url), offset=self.offset(node)))


def _is_variable(tokens: list[ast.Node]) -> bool:
    """Tell whether a statement of ``tokens`` sets a custom property, in which braces are a value."""
    return bool(tokens) and isinstance(tokens[0], ast.IdentToken) and tokens[0].value.startswith("--")


def _starts(tokens: list[ast.Node]) -> dict[tuple[int, int], ast.Node]:
    """Return for the place of each token the first token of its statement."""
    starts: dict[tuple[int, int], ast.Node] = {}
    first: ast.Node | None = None
    for token in tokens:
        first = first or next(significant([token]), None)
        starts[token.source_line, token.source_column] = first or token
        if sign(token) == ";" or (isinstance(token, ast.CurlyBracketsBlock) and not _is_variable([first or token])):
            first = None
    return starts


def _following(value: list[ast.Node]) -> ast.IdentToken | None:
    """Return the name, after a blank, before a colon in a value."""
    name: ast.IdentToken | None = None
    before = ""
    for token in value:
        if name is not None and sign(token) == ":":
            return name
        if token.type not in ("whitespace", "comment"):
            name = token if isinstance(token, ast.IdentToken) and before == "whitespace" else None
        before = token.type
    return None

"""The scripts that are linked, as they go in: their texts, their order, free names, and whether the entry can hold them."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.bundle.amd_graph import Module, directive, holders, holds, is_strict
from widgetpack.bundle.amd_names import FUNCTIONS, enclosing_names, words
from widgetpack.bundle.embedded import lower
from widgetpack.scripts.dependencies import PLUGINS, Target, folder_of, resolve
from widgetpack.scripts.javascript import Script, load_script
from widgetpack.scripts.tree import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from widgetpack.scripts.define import Define


class Piece(NamedTuple):
    """A script as it goes into the linked one: its text, lowered or not, with facts of that text."""

    script: Script
    define: Define
    targets: tuple[Target, ...]

    def cut(self, span: tuple[int, int]) -> str:
        """Return a part of the text."""
        return self.script.data[span[0] : span[1]].decode()

    def without_dependencies(self) -> bytes:
        """Return the text with the ids that it depends on cut out: what is left is all that it says of files."""
        parts, done = [], 0
        for dependency in sorted(self.define.dependencies, key=lambda item: item.offset):
            parts.append(self.script.data[done : dependency.offset])
            done = dependency.end
        return b"".join([*parts, self.script.data[done:]])

    @property
    def factory(self) -> str:
        """The factory as written; see `closed`."""
        return closed(self.cut(self.define.factory or (0, 0)))

    @property
    def required(self) -> tuple[str, ...]:
        """The magic names that the factory is given, in front of or among its dependencies."""
        if self.define.list_form == "absent":
            count = self.define.parameters or 0
            return ("require", "exports", "module")[: count if count < len(("require", "exports", "module")) else 3]
        return tuple(t.value for t in self.targets if t.kind == "magic")


def closed(text: str) -> str:
    """End an expression whose last line may be a comment with a line feed; tree-sitter counts such a comment in."""
    return text + "\n" if re.search(r"//|<!--|-->", text.rpartition("\n")[2]) else text


def prepare(files: Mapping[str, bytes], module: Module, home: str, *, lowering: bool) -> Piece:
    """Return the module's text for linking; lowered only if the lowered text asks for the same things."""
    script, define = module.script, module.define
    if define is None:
        msg = f"{module.path} has no single define"
        raise ValueError(msg)
    text = script.data.decode("utf-8-sig")
    chosen = load_script(script.path, text.encode(), sound=True)
    if lowering:
        candidate = load_script(script.path, lower(text).encode(), sound=True)
        if len(candidate.defines) == 1 and _asks(candidate.defines[0]) == _asks(define):
            chosen = candidate
    define = chosen.defines[0]
    folder = folder_of(module.path)
    return Piece(chosen, define, tuple(resolve(files, folder, home, d) for d in define.dependencies))


def _asks(define: Define) -> tuple[object, ...]:
    ids = [d.id for d in define.dependencies]
    return ids, define.list_form, define.parameters, define.factory_kind, define.name


class Step(NamedTuple):
    """One moment of loading: a file is seen (``load``), then, its dependencies done, its factory runs (``run``)."""

    what: str
    path: str
    kind: str = "module"


class Order(NamedTuple):
    """The moments in RequireJS' order, and the dependencies that close a circle: (module, dependency)."""

    steps: tuple[Step, ...]
    back: frozenset[tuple[str, str]]


def order(pieces: Mapping[str, Piece], kept: Mapping[str, str], entry: str) -> Order:
    """Walk the linked modules depth first from the entry, in the order of their lists."""
    steps: list[Step] = []
    back: set[tuple[str, str]] = set()
    seen, active = {("module", entry)}, {entry}
    stack: list[tuple[str, Iterator[Target]]] = [(entry, iter(pieces[entry].targets))]
    while stack:
        path, rest = stack[-1]
        target = next(rest, None)
        if target is None:
            stack.pop()
            active.discard(path)
            steps.append(Step("run", path))
            continue
        if target.kind == "module" and target.value in active:
            back.add((path, target.value))
        key = (target.kind, target.value)
        if target.kind not in ("module", *PLUGINS) or target.value in kept or key in seen:
            continue
        seen.add(key)
        steps.append(Step("load", target.value, target.kind))
        if target.kind == "module":
            active.add(target.value)
            stack.append((target.value, iter(pieces[target.value].targets)))
    return Order(tuple(steps), frozenset(back))


class Names:
    """Hands out variables that no linked text uses."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Choose a spelling that is free in all ``texts``."""
        taken = set().union(*map(words, texts))
        tails = chain(("", "_", "$", "__", "$$", "_$"), (f"_{n}_" for n in count()))
        self._tail = next(t for t in tails if not any(re.fullmatch(rf"[pmfqh]{re.escape(t)}\d+", w) for w in taken))
        self._given: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def of(self, letter: str, key: str) -> str:
        """Return the variable for ``key``; the same one each time."""
        if (letter, key) not in self._given:
            self._counts[letter] = self._counts.get(letter, 0) + 1
            self._given[letter, key] = f"{letter}{self._tail}{self._counts[letter]}"
        return self._given[letter, key]


def entry_problem(piece: Piece, linked: Mapping[str, Piece]) -> tuple[str, bool]:
    """Return why the entry cannot hold the linked modules, and whether its own "use strict" has to move inwards."""
    script = piece.script
    tree = parse(script.data)
    if tree is None:
        return "it cannot be read", False
    names = enclosing_names(tree.root_node, script.data, (piece.define.start, piece.define.end))
    for path, other in linked.items():
        if shared := sorted(names & (words(other.script.data.decode()) | {"window"})):
            return f"its define stands in a function that declares `{shared[0]}`, a name that {path} uses", False
    around = list(holders(script, piece.define))
    loose = [path for path, other in linked.items() if not is_strict(other.script, other.define)]
    for node in around:
        strict = node.type == "class_body" or (node.type in FUNCTIONS and directive(node, script.data) is not None)
        if strict and loose:
            return f'its define stands in a function with "use strict", and {loose[0]} is not strict', False
    if not loose or directive(tree.root_node, script.data) is None:
        return "", False
    if len(around) != len(("program", "expression_statement")) or holds_outside(script, piece.define):
        return f"it is strict as a whole and holds more than its define, and {loose[0]} is not strict", False
    return "", True


def holds_outside(script: Script, define: Define) -> bool:
    """Tell whether there are functions or classes beside the ``define`` call."""
    functions = " ".join(f"({kind}) @f" for kind in sorted(FUNCTIONS)) + " (class) @f (class_declaration) @f"
    return holds(script, (0, define.start), functions) or holds(script, (define.end, len(script.data)), functions)

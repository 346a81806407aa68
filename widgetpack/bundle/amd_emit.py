"""The text of a linked script: every module a function, called once, in RequireJS' order, around the entry's factory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.bundle.amd_graph import directive, holds, only_define
from widgetpack.bundle.amd_pieces import Names, Piece, Step, closed, order
from widgetpack.bundle.amd_require import rewritten
from widgetpack.bundle.amd_runtime import HELPERS
from widgetpack.scripts.dependencies import PLUGINS, Target, folder_of, quoted, rebased
from widgetpack.scripts.tree import parse

if TYPE_CHECKING:
    from collections.abc import Mapping


class Chunk(NamedTuple):
    """A piece of the linked script's text."""

    path: str
    """The file that it comes from; empty for what only the linker wrote."""
    text: str


class Writer:
    """Collects the outer dependencies and the helpers while the modules are written."""

    def __init__(  # what `write` takes
        self,
        files: Mapping[str, bytes],
        pieces: Mapping[str, Piece],
        kept: Mapping[str, str],
        entry: str,
        *,
        strict_entry: bool,
    ) -> None:
        """Take everything that the text is made of."""
        self.files, self.pieces, self.kept, self.entry = files, pieces, kept, entry
        self.home = folder_of(entry)
        self.order = order(pieces, kept, entry)
        self.names = Names(p.script.data.decode() for p in pieces.values())
        self.outer: dict[str, str] = {}
        self.helpers: set[str] = set()
        self.strict_entry = strict_entry
        self.tabled: bool = False

    def external(self, expression: str) -> str:
        """Return the parameter that brings in ``expression``, an id in quotes or a computed one."""
        if expression not in self.outer:
            self.outer[expression] = self.names.of("p", expression)
        return self.outer[expression]

    def helper(self, name: str) -> str:
        """Return the name of a helper, and have it written."""
        self.helpers.add(name)
        return self.names.of("h", name)

    def value(self, path: str, target: Target) -> str:
        """Return the expression for a dependency of the module ``path``."""
        if target.kind == "module" and target.value == self.entry:
            return self.external('"exports"') if "exports" in self.pieces[self.entry].required else "void 0"
        if target.kind in ("module", *PLUGINS):
            if target.value in self.kept:
                name = target.dependency.id or ""
                prefix, bang, rest = name.rpartition("!")
                return self.external(quoted(prefix + bang + rebased(rest, folder_of(path), self.home)))
            return self.names.of("m", f"{target.kind}!{target.value}")
        if target.kind == "magic":
            return self.magic(path, target.value)
        return self.external(target.value)

    def magic(self, path: str, name: str) -> str:
        """Return what ``require``, ``exports`` or ``module`` is for the module ``path``."""
        if path == self.entry:
            return self.external(f'"{name}"')
        if name == "require":
            return f"{self.helper('require')}({quoted(self.base(path))})"
        return self.names.of("m" if name == "exports" else "q", f"module!{path}")

    def base(self, path: str) -> str:
        """Return the folder of ``path`` as seen from the entry's: ``classes/``, or empty."""
        folder = rebased("./", folder_of(path), self.home)
        return folder.removeprefix("./").removeprefix("/")

    def values(self, path: str, factory: str, require: str) -> list[str]:
        """Return the arguments for the factory of ``path``; ``require`` stands in for the magic one."""
        piece = self.pieces[path]

        def one(target: Target) -> str:
            return require if target.kind == "magic" and target.value == "require" else self.value(path, target)

        if piece.define.list_form != "absent":
            return [one(t) for t in piece.targets]
        given = [require if m == "require" else self.magic(path, m) for m in piece.required]
        if re.search(r"\barguments\b", factory):
            given += [self.value(path, t) for t in piece.targets]
        return given

    def modules(self) -> list[Chunk]:
        """Write all modules but the entry."""
        chunks: list[Chunk] = []
        for step in self.order.steps:
            if step.path == self.entry and step.kind == "module":
                continue
            if step.kind != "module":
                variable = self.names.of("m", f"{step.kind}!{step.path}")
                lines = [f"var {variable} = {self.entered(step.kind, step.path, self.text(step))};"]
            else:
                lines = self.load(step.path) if step.what == "load" else self.run(step.path)
            chunks += [Chunk(step.path, f"{line}\n") for line in lines]
        return chunks

    def text(self, step: Step) -> str:
        """Return the expression for a ``text!`` or ``json!`` file."""
        text = self.files[step.path].decode("utf-8-sig")
        if step.kind == "text":
            return quoted(text)
        if "__proto__" in text or "\\u005" in text.lower():
            return f"JSON.parse({quoted(text.strip())})"
        return json_text(text)

    def inline(self, path: str) -> bool:
        """Tell whether the factory can be called where it stands, without the file around it."""
        piece = self.pieces[path]
        define, script = piece.define, piece.script
        if not only_define(script) or define.factory is None or define.factory_kind in ("other", "none"):
            return False
        if define.factory_kind == "object" and piece.targets:
            return False
        return define.factory_kind == "function" or not holds(
            script, define.factory, '(this) @t ((identifier) @a (#eq? @a "arguments"))'
        )

    def load(self, path: str) -> list[str]:
        """Write what happens when the file is seen."""
        lines, piece = [], self.pieces[path]
        if "exports" in piece.required:
            lines.append(f"var {self.names.of('m', f'module!{path}')} = {self.entered('module', path, '{}')};")
        if not self.inline(path):
            text = re.sub(r"\A#![^\n]*", "", piece.script.data.decode())
            end = "" if text.endswith("\n") else "\n"
            lines.append(
                f"var {self.names.of('f', path)} = {self.helper('catch')}(function (define) {{\n{text}{end}}});"
            )
        return lines

    def run(self, path: str) -> list[str]:
        """Write the call of the factory."""
        lines, piece = [], self.pieces[path]
        me, has_exports, has_module = (
            self.names.of("m", f"module!{path}"),
            "exports" in piece.required,
            "module" in piece.required,
        )
        if has_module:
            lines.append(f"var {self.names.of('q', f'module!{path}')} = {{ exports: {me if has_exports else '{}'} }};")
        if self.inline(path):
            factory, require = self.factory(path)
        else:
            factory, require = (
                self.names.of("f", path),
                self.magic(path, "require") if "require" in piece.required else "",
            )
        given = ", ".join(self.values(path, piece.script.data.decode(), require))
        if has_exports or has_module or not self.inline(path):
            extra = (
                [me if has_exports else f"{self.names.of('q', f'module!{path}')}.exports"]
                if has_exports or has_module
                else []
            )
            extra += [self.names.of("q", f"module!{path}")] if has_module else []
            call = f"{self.helper('call')}({', '.join([factory, f'[{given}]', *extra])})"
        else:
            call = factory if piece.define.factory_kind == "object" else f"({factory})({given})"
        lines.append(f"{'' if has_exports else 'var '}{me} = {self.entered('module', path, call)};")
        return lines

    def entered(self, kind: str, path: str, expression: str) -> str:
        """Return what gives a file its value; where modules are asked for at run time, their table gets it as well."""
        if not self.tabled:
            return expression
        shown = rebased("./" + path, "", self.home).removeprefix("./")
        key = shown if kind == "module" else f"{kind}!{shown}"
        return f"{self.names.of('h', 'table')}[{quoted(key)}] = {expression}"

    def factory(self, path: str) -> tuple[str, str]:
        """Return a factory's text with its ``require`` calls replaced, and what to hand it as ``require``."""
        piece = self.pieces[path]
        span = piece.define.factory or (0, 0)
        text, require = piece.factory, ""
        if "require" in piece.required:
            circular = {t for m, t in self.order.back if m == path and "exports" not in self.pieces[t].required}
            values = {
                t.dependency.id: self.value(path, t)
                for t in piece.targets
                if t.dependency.id is not None
                and t.kind != "magic"
                and (t.kind != "module" or t.value not in circular | {self.entry})
                and (path != self.entry or (t.kind in ("module", *PLUGINS) and t.value not in self.kept))
            }
            index = (
                piece.required.index("require")
                if piece.define.list_form == "absent"
                else [t.value if t.kind == "magic" else "" for t in piece.targets].index("require")
            )
            changed = rewritten(piece.script, span, index, values, partly=path == self.entry)
            own = self.external('"require"') if path == self.entry else "void 0"
            if changed is not None:
                text, require = closed(changed), own
            else:
                require = f"{self.helper('require')}({quoted(self.base(path))})"
        tree = parse(piece.script.data)
        if (
            tree is not None
            and directive(tree.root_node, piece.script.data) is not None
            and (path != self.entry or self.strict_entry)
        ):
            text = f'(function () {{\n"use strict";\nreturn {text};\n}})()'
        return text, require

    def main(self) -> list[Chunk]:
        """Write the arguments of the entry's ``define``: its list and a function around everything."""
        piece = self.pieces[self.entry]
        self.list_first()
        body = self.modules()
        call = self.entry_call()
        if "require" in self.helpers:
            self.external('"require"')
            self.tabled = True
            body = self.modules()  # once more, as only now it is known that the table is needed
        helpers = "".join(HELPERS[name] % self.helper_names() for name in HELPERS if name in self.helpers)
        given = f"({', '.join(self.outer.values())})"
        head = f"{given} =>" if piece.define.factory_kind == "arrow" else f"function {given}"
        function = [Chunk("", f"{head} {{\n{helpers}"), *body, Chunk(self.entry, f"return {call};\n}}")]
        if piece.define.factory_kind not in ("function", "arrow"):
            # An expression is evaluated where it stood: outside of the function, and before it is called.
            outside = Chunk("", f"(function ({self.names.of('f', self.entry)}) {{\nreturn ")
            function = [outside, *function, Chunk(self.entry, f";\n}})({piece.factory})")]
        return [Chunk("", f"([{', '.join(self.outer)}], "), *function, Chunk("", ")")]

    def list_first(self) -> None:
        """Put what the entry itself asks the platform for in front of what its modules ask for."""
        piece = self.pieces[self.entry]
        if piece.define.list_form == "absent":
            for name in piece.required:
                self.external(f'"{name}"')
            return
        for target in piece.targets:
            if target.kind in ("magic", "external", "missing"):
                self.value(self.entry, target)

    def entry_call(self) -> str:
        """Return the call of the entry's factory."""
        piece = self.pieces[self.entry]
        magic = "exports" in piece.required or "module" in piece.required
        if piece.define.factory_kind in ("function", "arrow"):
            text, require = self.factory(self.entry)
            given = self.values(self.entry, piece.factory, require)
            return f"({text}).call({', '.join(['this', *given])})" if magic else f"({text})({', '.join(given)})"
        require = f"{self.helper('require')}('')" if "require" in piece.required else ""
        given = self.values(self.entry, piece.factory, require)
        name = self.names.of("f", self.entry)
        return f"{self.helper('call')}({name}, [{', '.join(given)}]{', this' if magic else ''})"

    def helper_names(self) -> dict[str, str]:
        """Return the variables that the helpers' texts name."""
        names = {name: self.names.of("h", name) for name in (*HELPERS, "table")}
        return {**names, "outer": self.outer.get('"require"', "")}


def json_text(text: str) -> str:
    """Return a JSON text as a JavaScript expression."""
    return text.strip().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def write(
    files: Mapping[str, bytes], pieces: Mapping[str, Piece], kept: Mapping[str, str], entry: str, *, move_strict: bool
) -> tuple[list[Chunk], tuple[str, ...]]:
    """Return the linked script's text, and the linked files in the order of execution, the entry last."""
    writer = Writer(files, pieces, kept, entry, strict_entry=move_strict)
    piece = pieces[entry]
    data = piece.script.data
    start, end = piece.define.arguments
    before = data[:start]
    if move_strict:
        tree = parse(data)
        statement = None if tree is None else directive(tree.root_node, data)
        if statement is not None:  # it stands before the call
            before = before[: statement.start_byte] + before[statement.end_byte :].lstrip(b" \t\r\n")
    text = [Chunk(entry, before.decode()), *writer.main(), Chunk(entry, data[end:].decode())]
    done = tuple(s.path for s in writer.order.steps if s.what == "run" or s.kind != "module")
    return text, done

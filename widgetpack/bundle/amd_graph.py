"""What the scripts of a package ask for, and which of them can be linked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.bundle.amd_names import declarations, globals_of, mentions_global, words
from widgetpack.scripts.dependencies import PLUGINS, Asking, Target, ask, folder_of, reach, rebased_source
from widgetpack.scripts.javascript import Script, load_script
from widgetpack.scripts.tree import captures, chain, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from widgetpack.scripts.define import Define

_STRINGS: Final = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)


class Module(NamedTuple):
    """One script that the entry reaches, and whether it can move into the entry."""

    path: str
    script: Script
    define: Define | None
    targets: tuple[Target, ...]
    problem: str
    """Why it has to stay a file; empty where it can be linked."""


class Graph(NamedTuple):
    """Everything the entry reaches."""

    modules: Mapping[str, Module]
    """By path, in the order RequireJS would load them; the entry is first."""
    kept: Mapping[str, str]
    """What stays outside, and why."""


def judged(asking: Asking, entry: str) -> Module:
    """Judge a script by itself."""
    script, targets = asking
    define = script.defines[0] if len(script.defines) == 1 else None
    return Module(script.path, script, define, targets, _problem(script, define, targets, entry))


def _problem(script: Script, define: Define | None, targets: tuple[Target, ...], entry: str) -> str:
    """Return why this script cannot become a function inside another one, as far as it shows by itself."""
    if script.fault is not None:
        return script.fault.message
    if script.module_syntax is not None:
        return "it has import or export statements"
    if define is None:
        count = len(script.defines)
        return f"it calls define {count} times" if count else "it has no define: it is a plain script"
    problem = shape_problem(script, define)
    return problem if problem or script.path == entry else _module_problem(script, define, targets, folder_of(entry))


def shape_problem(script: Script, define: Define) -> str:
    """Return what keeps any ``define``, the entry's too, from being rewritten."""
    if define.name is not None:
        return f'its define names the module ("{define.name}")'
    if define.list_form == "expression" or any(d.source.startswith("...") for d in define.deps or ()):
        return "its list of dependencies is computed"
    if define.factory is None:
        return "its define has no factory"
    if define.list_form == "absent" and define.parameters is None and define.factory_kind != "object":
        return "its factory cannot be seen, so what it asks for is not known"
    if any(d.id == "module" for d in define.dependencies) or (
        define.list_form == "absent" and (define.parameters or 0) > 1
    ):
        rest = re.sub(rb"\bmodule\s*+\.\s*+exports\b|\btypeof\s++module\b", b"", script.data)
        # Behind the last `*/` no `/*` of a string, as in "lib/*", is searched for an end again and again.
        before, end, behind = rest.rpartition(b"*/")
        rest = re.sub(_NO_USE + rb"|/\*[\s\S]*?\*/", b"", before + end) + re.sub(_NO_USE, b"", behind)
        if re.search(rb"(?<![\w$.])module(?![\w$])", rest):
            return "it uses `module` for more than `module.exports`"
    return ""


_NO_USE = rb"""function\s*+\w*+\s*+\([^()]*+\)|\([^()]*+\)\s*+=>|["']module["']|(?<!:)//[^\n]*+"""
"""Parameters and list entries are the two places in code where the bare word `module` is no use of it."""


def _module_problem(script: Script, define: Define, targets: tuple[Target, ...], home: str) -> str:
    if define.via_window:
        return "it calls window.define"
    if b"currentScript" in script.data:
        return "it looks for its own script element"
    tree = parse(script.data)
    if tree is None:
        return "it cannot be read"
    folder = folder_of(script.path)
    for target in targets:
        source = target.dependency.source
        if target.dependency.id is None:
            declared = {name for name, _ in declarations(tree.root_node, script.data)}
            if rebased_source(source, folder, home) is None or words(_STRINGS.sub("", source)) & declared:
                return f"a dependency is computed ({source[:40]})"
    return ""


def data_problem(kind: str, data: bytes) -> str:
    """Return why a ``text!`` or ``json!`` file cannot become a value in the script, or an empty string."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "it is not UTF-8"
    if kind == "json":
        try:
            json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            return "it is not JSON"
    return ""


def _no_constant(name: str) -> object:
    raise ValueError(name)


def explore(files: Mapping[str, bytes], entry: str) -> Graph:
    """Decide what can be linked: what an outside script shares must stay outside, or it would exist twice."""
    modules = {path: judged(asking, entry) for path, asking in reach(files, entry).items()}
    kept = {path: module.problem for path, module in modules.items() if module.problem and path != entry}
    for path, module in modules.items():
        if path != entry and path not in kept and (reason := _shared_global(files, module)):
            kept[path] = reason
    outside = [modules[path] for path in kept]
    strangers = [p for p in sorted(files) if p.endswith(".js") and p not in modules and b"define" in files[p]]
    outside += [judged(ask(files, path, entry, {}), entry) for path in strangers]
    _spread(modules, outside, kept, entry)
    for module in modules.values():
        for target in module.targets:
            if (
                target.kind in PLUGINS
                and target.value not in kept
                and (why := data_problem(target.kind, files[target.value]))
            ):
                kept[target.value] = why
    return Graph(modules, kept)


def _spread(modules: Mapping[str, Module], outside: list[Module], kept: dict[str, str], entry: str) -> None:
    """Keep outside whatever an outside script asks for (``json!`` values are objects, so they count; texts do not)."""
    queue = list(outside)
    while queue:
        module = queue.pop()
        for target in module.targets:
            if target.kind in ("module", "json") and target.value != entry and target.value not in kept:
                kept[target.value] = f"{module.path}, which stays a file of its own, asks for it"
                if target.value in modules:
                    queue.append(modules[target.value])


def _shared_global(files: Mapping[str, bytes], module: Module) -> str:
    """Return why a script that declares globals has to stay a script: another file uses one of them."""
    data = module.script.data
    names = globals_of(data)
    if not names:
        return ""
    for name in sorted(names):
        if re.search(
            rb"\b(?:window|self|globalThis|this)\s*(?:\.\s*|\[\s*[\"'])" + re.escape(name.encode()) + rb"(?![\w$])",
            data,
        ):
            return f"it declares the global `{name}`"
    for path in sorted(files):
        if path == module.path or not path.endswith((".js", ".html", ".htm", ".twig", ".php")):
            continue
        other = load_script(path, files[path]) if path.endswith(".js") else None
        parsed = (
            parse(files[path]) if other is not None and (other.fault is None or other.fault.kind == "syntax") else None
        )
        if name := mentions_global(names, path, files[path], None if parsed is None else parsed.root_node):
            return f"it declares the global `{name}`, which {path} mentions"
    return ""


def directive(node: Node, data: bytes) -> Node | None:
    """Return the ``"use strict"`` statement that opens a program or a function body, or None."""
    body = node.child_by_field_name("body") if node.type != "program" else node
    if body is None or body.type not in ("program", "statement_block"):
        return None
    for child in body.named_children:
        if child.type in ("comment", "html_comment", "hash_bang_line"):
            continue
        if (
            child.type != "expression_statement"
            or child.named_child_count == 0
            or child.named_children[0].type != "string"
        ):
            return None
        if data[child.named_children[0].start_byte + 1 : child.named_children[0].end_byte - 1] == b"use strict":
            return child
    return None


def is_strict(script: Script, define: Define) -> bool:
    """Tell whether everything in the script's factory is strict by its own words."""
    tree = parse(script.data)
    if tree is None:
        return False
    if directive(tree.root_node, script.data) is not None:
        return True
    factory = None if define.factory is None else chain(tree.root_node, *define.factory)
    return bool(factory) and factory is not None and directive(factory[-1], script.data) is not None


def holders(script: Script, define: Define) -> Iterator[Node]:
    """Yield the nodes around the ``define`` call, the program first."""
    tree = parse(script.data)
    if tree is not None:
        yield from chain(tree.root_node, define.start, define.end)[:-1]


def only_define(script: Script) -> bool:
    """Tell whether the file is nothing but one ``define`` statement (and ``"use strict"``)."""
    tree = parse(script.data)
    if tree is None or not script.defines or not script.defines[0].top_level:
        return False
    strict = directive(tree.root_node, script.data)
    skipped = ("comment", "html_comment", "empty_statement", "hash_bang_line")
    return sum(1 for c in tree.root_node.named_children if c.type not in skipped and c != strict) == 1


def holds(script: Script, span: tuple[int, int], kinds: str) -> bool:
    """Tell whether the query ``kinds`` matches within ``span`` of the script."""
    tree = parse(script.data)
    if tree is None:
        return True
    return any(span[0] <= n.start_byte < span[1] for nodes in captures(tree.root_node, kinds).values() for n in nodes)

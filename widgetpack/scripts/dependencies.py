"""What the scripts of a package ask for: which file, text or platform module each dependency stands for."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import unquote

from widgetpack.scripts.javascript import Script, load_script
from widgetpack.scripts.tree import string_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from widgetpack.scripts.define import Dependency

MAGIC: Final = ("require", "exports", "module")
PLUGINS: Final = ("text", "json")

TargetKind = Literal["module", "text", "json", "external", "magic", "missing"]


class Target(NamedTuple):
    """What one dependency stands for."""

    kind: TargetKind
    value: str
    """The file's path for ``module``, ``text`` and ``json``; the magic name; for ``external`` and ``missing`` the
    expression to put into the list of the linked ``define``."""
    dependency: Dependency


class Asking(NamedTuple):
    """A script, and what all its ``define`` calls ask for."""

    script: Script
    targets: tuple[Target, ...]


class Missing(NamedTuple):
    """A relative dependency without a file."""

    path: str
    """The script that asks."""
    dependency: Dependency
    suggestions: tuple[str, ...]
    """Files that were probably meant: another case, with or without ``.js``, the same name in another folder."""


def folder_of(path: str) -> str:
    """Return the folder of ``path``; empty for the root."""
    return posixpath.dirname(path)


def is_relative(identifier: str) -> bool:
    """Tell whether RequireJS resolves ``identifier`` against the folder of the module that asks."""
    return identifier.startswith(("./", "../"))


def inside(folder: str, identifier: str) -> str | None:
    """Return the package path that a relative id names, or None where it leaves the package."""
    path = posixpath.normpath(posixpath.join(folder, identifier))
    return None if path.startswith("../") or path in ("..", ".") else path


def rebased(identifier: str, folder: str, home: str) -> str:
    """Return a relative id of a module in ``folder`` as a module in ``home`` would write it; queries stay."""
    if not is_relative(identifier):
        return identifier
    path, mark, query = identifier.partition("?")
    written = posixpath.relpath(
        posixpath.normpath(posixpath.join("/r/e/l", folder, path)), posixpath.join("/r/e/l", home)
    )
    written = "" if written == "." else written + "/" if path.endswith("/") else written
    return ("" if written.startswith("../") else "./") + written + mark + query


def quoted(text: str) -> str:
    """Return a JavaScript string literal of ``text``, the shorter of the two quotations."""
    double = (
        json.dumps(text, ensure_ascii=False)
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replace("\x7f", "\\x7f")
    )
    single = "'" + double[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return single if len(single) < len(double) else double


def resolve(files: Mapping[str, bytes], folder: str, home: str, dependency: Dependency) -> Target:
    """Say what ``dependency`` of a module in ``folder`` stands for; ids for the linked list are relative to ``home``."""
    name = dependency.id
    if name is None:
        kind: TargetKind = "missing" if _computed_is_missing(files, folder, dependency.source) else "external"
        return Target(kind, rebased_source(dependency.source, folder, home) or dependency.source, dependency)
    if name in MAGIC:
        return Target("magic", name, dependency)
    prefix, bang, rest = name.rpartition("!") if name.count("!") == 1 else ("", "", name)
    external = quoted(f"{prefix}{bang}{rebased(rest, folder, home)}") if "!" not in rest else quoted(name)
    if not is_relative(rest) or "?" in rest or "#" in rest or "!" in rest or (bang and prefix not in PLUGINS):
        path = re.split(_QUERY, rest, maxsplit=1)[0]
        is_missing = is_relative(rest) and "!" not in rest and not _is_file(files, folder, path)
        return Target("missing" if is_missing else "external", external, dependency)
    return _file(files, inside(folder, rest), prefix, Target("missing", external, dependency))


def _is_file(files: Mapping[str, bytes], folder: str, identifier: str) -> bool:
    """Tell whether a relative id without its query is the name of a file, or leaves the package."""
    path = inside(folder, identifier)
    return path is None or path in files or unquote(path) in files


def _computed_is_missing(files: Mapping[str, bytes], folder: str, source: str) -> bool:
    """Tell whether a computed dependency starts with a relative literal that names no file: ``'./app.js?v=' + x``."""
    match = re.match(_LEADING, source, re.DOTALL)
    if match is None:
        return False
    path, mark, _ = string_value(f'"{match[1] or match[2] or match[3] or ""}"').partition("?")
    return bool(mark) and is_relative(path) and not _is_file(files, folder, path)


_QUERY: Final = r"[?#]"


def _file(files: Mapping[str, bytes], path: str | None, prefix: str, missing: Target) -> Target:
    """Return the file at ``path`` as the target of a dependency, or ``missing``."""
    if path is None:
        return missing
    if prefix:
        return missing._replace(kind="text" if prefix == "text" else "json", value=path) if path in files else missing
    for candidate in (path, path + ".js"):
        if candidate in files and candidate.endswith(".js"):
            return missing._replace(kind="module", value=candidate)
    # Some other file, or one whose name is written with %20: it is there, but no module that can be linked.
    return missing._replace(kind="external") if path in files or unquote(path) in files else missing


_LEADING: Final = r"""\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|`((?:\\.|[^`\\$]|\$(?!\{))*))"""


def rebased_source(source: str, folder: str, home: str) -> str | None:
    """Rewrite the relative literal that a computed dependency starts with; None where it starts with no literal.

    ``'./app.js?v=' + Date.now()`` in ``lib/`` becomes ``'./lib/app.js?v=' + Date.now()``.
    """
    if folder == home:
        return source
    match = re.match(_LEADING, source, re.DOTALL)
    if match is None:
        return None
    group = next(i for i in (1, 2, 3) if match[i] is not None)
    literal = string_value(f'"{match[group]}"')
    start = re.match(r"(?:\.{1,2}/)+", literal)
    if start is None:
        # `"." + x` may still turn out to be relative.
        return None if literal in ("", ".", "..") else source
    prefix = rebased(start[0], folder, home)
    return source[: match.start(group)] + prefix + source[match.start(group) + len(start[0]) :]


def ask(files: Mapping[str, bytes], path: str, entry: str, scripts: Mapping[str, Script]) -> Asking:
    """Return a script of the package, from ``scripts`` or loaded now, with its targets."""
    script = scripts.get(path) or load_script(path, files[path])
    asked = [d for define in script.defines for d in define.dependencies]
    return Asking(script, tuple(resolve(files, folder_of(path), folder_of(entry), d) for d in asked))


def reach(files: Mapping[str, bytes], entry: str, scripts: Mapping[str, Script] | None = None) -> dict[str, Asking]:
    """Return every script that ``entry`` reaches through relative dependencies, the entry first, in depth-first order."""
    found: dict[str, Asking] = {}
    stack = [entry]
    while stack:
        path = stack.pop()
        if path not in found:
            found[path] = ask(files, path, entry, scripts or {})
            stack.extend(t.value for t in reversed(found[path].targets) if t.kind == "module")
    return found


def missing_dependencies(
    files: Mapping[str, bytes], entry: str = "script.js", scripts: Mapping[str, Script] | None = None
) -> tuple[Missing, ...]:
    """Return the relative dependencies (``text!`` and ``json!`` too) without a file, of every script that ``entry`` reaches.

    ``scripts`` (path -> facts) saves loading again what is loaded.
    """
    if entry not in files:
        return ()
    return tuple(
        Missing(path, target.dependency, suggestions(files, path, _path_of(target.dependency)))
        for path, asking in reach(files, entry, scripts).items()
        for target in asking.targets
        if target.kind == "missing"
    )


def _path_of(dependency: Dependency) -> str:
    """Return what a dependency names, without a query; of a computed one its literal start."""
    start = dependency.id or ""
    if dependency.id is None and (match := re.match(_LEADING, dependency.source, re.DOTALL)):
        start = match[1] or match[2] or match[3] or ""
    return re.split(_QUERY, start, maxsplit=1)[0]


def suggestions(files: Mapping[str, bytes], path: str, identifier: str) -> tuple[str, ...]:
    """Return the files that ``identifier``, asked for by ``path``, was probably meant to name, best first."""
    wanted = inside(folder_of(path), identifier.rpartition("!")[2]) or identifier.rpartition("/")[2]
    stem = wanted.removesuffix(".js")
    near = [p for p in sorted(files) if p.lower() in {c.lower() for c in (wanted, stem, wanted + ".js", stem + ".js")}]
    name = posixpath.basename(stem).lower()
    same = [p for p in sorted(files) if posixpath.basename(p).removesuffix(".js").lower() == name and p not in near]
    return tuple(near + same)

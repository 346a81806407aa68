"""Sources that call the page's ``define`` themselves: an entry is left as it is, and inside of another script none can work."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from widgetpack.model import Place
from widgetpack.native.facts import LostDefine
from widgetpack.native.options import SCRIPTS
from widgetpack.native.packages import is_package
from widgetpack.native.read import read_source
from widgetpack.native.run import Ran, run
from widgetpack.toolchain.run import run_esbuild

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from widgetpack.native.entry import Entry
    from widgetpack.native.run import Job
    from widgetpack.scripts.define import Define

_CALL: Final = re.compile(rb"(?<![\w$])define\s*\(")
_WORD: Final = re.compile(rb"(?<![\w$])define(?![\w$])")
_DEFAULT: Final = re.compile(rb"^export\s+default\s", re.MULTILINE)
_BINDERS: Final = (
    *("function_declaration", "generator_function_declaration", "class_declaration", "variable_declarator"),
    *("import_specifier", "import_clause", "namespace_import"),
)
"""What gives a name to something: tree-sitter's words."""
_LOADERS: Final = {".ts": "ts", ".tsx": "tsx", ".mts": "ts", ".cts": "ts"}


def run_defining(job: Job, entry: Entry) -> Ran | None:
    """Bundle an entry that calls the page's ``define`` itself, for a script that is left as it is; None for one that does not.

    Mostly it does where the word stands, so esbuild is asked for both at once.
    """
    try:
        data = entry.source.read_bytes()
    except OSError:
        return None  # the other run says why
    if not _may_define(data):
        return None
    answers: list[tuple[Define, ...]] = []

    def ask() -> None:
        if not answers:
            answers.append(_defines_in(job, str(entry.source), data))

    # Amid its own packages, `define.amd` is the page's only where the entry looks at it.
    ran = run(job._replace(meanwhile=ask), [entry], "iife", hides_amd=b"define.amd" not in data)
    return ran._replace(defines=answers[0]) if answers[0] else None


def lost_defines(job: Job, runs: Sequence[Ran], sources: Mapping[str, bytes]) -> Iterator[LostDefine]:
    """Yield the calls that have no effect where they stand; ``sources`` are those that are no packages."""
    for ran in runs:
        for path, data in _inner_scripts(job, ran, sources):
            # One that asks for `define.amd` first is told that there is none, and goes another way.
            found = () if b"define.amd" in data else _defines_in(job, path, data)
            if any(define.top_level and define.name is None for define in found):
                yield LostDefine("inside", Place("") if is_package(path) else _place(path, _CALL.search(data)), path)
        if any(define.deps is None and define.required for define in ran.defines):
            entry = ran.metafile.entries.get("script.js", "")
            yield LostDefine("unlisted", _place(entry, _DEFAULT.search(sources.get(entry, b""))))


def _inner_scripts(job: Job, ran: Ran, sources: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the scripts of a run, without its entries; of packages those that neither import nor export anything."""
    entries = set(ran.metafile.entries.values())
    for path in ran.metafile.inputs:
        if path.endswith(SCRIPTS) and path not in entries and not is_package(path):
            yield path, sources.get(path, b"")
    for path in filter(is_package, ran.metafile.plain):
        yield path, read_source(job.cwd, path) or b""


def _place(path: str, found: re.Match[bytes] | None) -> Place:
    return Place(path, offset=found.start() if found else None)


def _defines_in(job: Job, path: str, data: bytes) -> tuple[Define, ...]:
    """Return the calls of the page's ``define`` in a source; asks esbuild, for which types and JSX are no obstacle."""
    if not _may_define(data):
        return ()
    loader = _LOADERS.get(os.path.splitext(path)[1], "jsx")  # noqa: PTH122
    given = [f"--loader={loader}", "--color=false", "--log-level=error"]
    done = run_esbuild(job.esbuild, given, data, Path(job.cwd), meanwhile=job.meanwhile)
    if done.code != 0:
        return ()
    from widgetpack.scripts.javascript import load_script

    found = load_script(path, done.out, sound=True).defines
    return () if found and _is_bound(done.out) else found


def _is_bound(data: bytes) -> bool:
    """Tell whether ``define`` is a name of the script's own, in whatever block: then it is not the page's."""
    from widgetpack.scripts.tree import chain, parse  # what `load_script` made is remembered there

    tree = parse(data)
    if tree is None:
        return False
    around = (chain(tree.root_node, word.start(), word.end())[-2:] for word in _WORD.finditer(data))
    return any(holder.type in _BINDERS and holder.child_by_field_name("value") != name for holder, name in around)


def _may_define(data: bytes) -> bool:
    return b"define" in data and _CALL.search(data) is not None

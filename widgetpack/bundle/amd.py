"""Linking: the AMD modules of a package become one ``script.js`` with one anonymous ``define``.

The behaviour is RequireJS' (2.3): order, identity of shared modules, circles, simplified CommonJS. Whatever cannot be
moved without a difference stays a file of its own, together with everything it asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.bundle.amd_emit import write
from widgetpack.bundle.amd_graph import explore
from widgetpack.bundle.amd_leftovers import drop
from widgetpack.bundle.amd_pieces import entry_problem, prepare
from widgetpack.bundle.embedded import lower as lowered
from widgetpack.scripts.dependencies import Missing, folder_of, missing_dependencies
from widgetpack.scripts.javascript import load_script

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Linked", "Missing", "link", "missing_dependencies"]

ENTRY: Final = "script.js"


class Linked(NamedTuple):
    """A package after linking."""

    files: dict[str, bytes]
    """What goes on to the archive: the entry replaced, modules that nothing names any more gone."""
    modules: tuple[str, ...]
    """The linked files in the order of execution, the entry last; empty when nothing was linked."""
    kept: Mapping[str, str]
    """File that the entry asks for and that stays in the package -> why, in words."""
    reason: str
    """Why nothing was linked; empty when something was."""
    chunks: tuple[tuple[str, int], ...] = ()
    """The linked entry from its start to its end, in pieces: the file each comes from (empty: the linker), and its bytes."""


def link(files: Mapping[str, bytes], entry: str = ENTRY, lower: bool = True) -> Linked:  # noqa: FBT001, FBT002
    """Link the modules that ``entry`` asks for into it.

    ``files`` is path -> bytes of the whole package. Never raises for what the files hold: a package that cannot be
    linked comes back as it is (its entry lowered, if asked for), with a ``reason``.
    """
    if entry not in files:
        return Linked(dict(files), (), {}, f"there is no {entry}")
    graph = explore(files, entry)
    start = graph.modules[entry]
    reason = start.problem
    inside_paths = [p for p in graph.modules if p not in graph.kept and p != entry]
    texts = [
        t
        for m in graph.modules.values()
        if m.path not in graph.kept
        for t in m.targets
        if t.kind in ("text", "json") and t.value not in graph.kept
    ]
    if not reason and not inside_paths and not texts:
        reason = "no file that it asks for can be linked" if graph.kept else "it asks for no file of the package"
    if reason:
        return _unlinked(files, entry, graph.kept, reason, lowering=lower)
    home = folder_of(entry)
    pieces = {p: prepare(files, graph.modules[p], home, lowering=lower) for p in [entry, *inside_paths]}
    others = {p: piece for p, piece in pieces.items() if p != entry}
    reason, move_strict = entry_problem(pieces[entry], others)
    if reason:
        return _unlinked(files, entry, graph.kept, reason, lowering=lower)
    chunks, done = write(files, pieces, graph.kept, entry, move_strict=move_strict)
    result = {**files, entry: "".join(chunk.text for chunk in chunks).encode()}
    own = b"\n".join(pieces[p].without_dependencies() for p in done if p in pieces)
    kept = {**graph.kept, **drop(result, [p for p in done if p != entry], {entry: own})}
    return Linked(result, done, kept, "", tuple((chunk.path, len(chunk.text.encode())) for chunk in chunks))


def _unlinked(
    files: Mapping[str, bytes], entry: str, kept: Mapping[str, str], reason: str, *, lowering: bool
) -> Linked:
    result = dict(files)
    script = load_script(entry, files[entry])
    if lowering and script.fault is None:
        text = lowered(files[entry].decode("utf-8-sig"))
        again = load_script(entry, text.encode(), sound=True)
        if [[d.id for d in x.dependencies] for x in again.defines] == [
            [d.id for d in x.dependencies] for x in script.defines
        ]:
            result[entry] = text.encode()
    return Linked(result, (), kept, f"{entry}: {reason}")

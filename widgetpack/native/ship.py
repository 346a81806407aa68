"""What ships of a folder once its sources are in a script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from widgetpack.model import Entry as FileEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from widgetpack.model import Tree
    from widgetpack.native.entry import Entry

_SOURCES = (".js", ".jsx", ".mjs", ".cjs", ".css")
"""Of what a script was made of, this does not ship; texts and pictures may be asked for by name as well."""


def shipped(tree: Tree, entries: Sequence[Entry], outputs: Mapping[str, bytes], inputs: Iterable[str]) -> Tree:
    """Return the tree with the ``outputs`` of ``entries`` in it, and without the sources (``inputs``, absolute)."""
    gone = dict(_gone(tree, entries, inputs)) | {entry.name: "a source of itself" for entry in entries}
    files = {path: data for path, data in tree.files.items() if path not in gone} | dict(outputs)
    made = {entry.name: f"bundled from {_below(tree.source, str(entry.source)) or entry.source}" for entry in entries}
    kept = [
        item._replace(packed=False, reason=gone[item.path]) if item.path in gone and item.packed else item
        for item in tree.entries
        if item.path not in outputs
    ]
    new = [FileEntry(path, len(data), packed=True, reason=made.get(path, "bundled")) for path, data in outputs.items()]
    listed = tuple(sorted([*kept, *new]))
    bundled = tuple(sorted(path for path in outputs if path.endswith(".js")))
    return tree._replace(files=dict(sorted(files.items())), entries=listed, bundled=bundled)


def _gone(tree: Tree, entries: Sequence[Entry], inputs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what stays out, and why: scripts and css that went into a script, and the folder ``src`` that an entry lies in."""
    root = os.path.realpath(tree.source)
    wanted = {item.path for item in tree.entries if item.reason.startswith("included by ")}
    for source in inputs:
        path = _below(root, source)
        if path in tree.files and path.lower().endswith(_SOURCES):
            yield path, "bundled into a script"
    folders = {_below(root, os.path.realpath(entry.source)).partition("/")[0] for entry in entries}
    if "src" in folders:
        yield from (
            (path, "sources of a script") for path in tree.files if path.startswith("src/") and path not in wanted
        )


def _below(root: str, path: str) -> str:
    """Return an absolute path as seen from ``root``; nothing that a tree has where it lies elsewhere."""
    try:
        return os.path.relpath(path, root).replace(os.sep, "/")
    except ValueError:  # another drive
        return ""

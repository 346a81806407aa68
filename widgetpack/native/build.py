"""A widget's folder or zip, read from disk, and where it has sources, bundled."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.files.sources import read_tree
from widgetpack.model import Place
from widgetpack.native.entry import find_entries, find_unused
from widgetpack.native.facts import Build, UnusedSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.config.settings import Config
    from widgetpack.model import Tree


def read_build(path: Path, config: Config, meanwhile: Callable[[Tree], object] | None = None) -> Build:
    """Return what ships of the widget at ``path``; for a classic widget or a zip that is what was read.

    Where esbuild is run, ``meanwhile`` is called with what was read while it works, maybe more than once.
    Raises `UsageError` as `widgetpack.files.sources.read_tree` does, and what `widgetpack.native.bundle.bundle_sources` raises.
    """
    tree = read_tree(path, config)
    entries = find_entries(tree, config)
    if not entries:
        return _classic(tree, config)
    # Imported here: only sources need the bundler.
    from widgetpack.native.bundle import bundle_sources

    return bundle_sources(tree, config, entries, meanwhile)


def _classic(tree: Tree, config: Config) -> Build:
    unused = find_unused(tree, config)
    if unused is None:
        return Build(tree, failed=False)
    place = Place(Path(os.path.relpath(unused, config.base)).as_posix())
    return Build(tree, failed=False, facts=(UnusedSource("script.js", place),), base=config.base.as_posix())

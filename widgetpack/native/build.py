"""A widget's folder or zip, read from disk, and where it has sources, bundled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.files.sources import read_tree
from widgetpack.native.entry import find_entries
from widgetpack.native.facts import Build

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config.settings import Config


def read_build(path: Path, config: Config) -> Build:
    """Return what ships of the widget at ``path``; for a classic widget or a zip that is what was read.

    Raises `UsageError` as `widgetpack.files.sources.read_tree` does, and what `widgetpack.native.bundle.bundle_sources` raises.
    """
    tree = read_tree(path, config)
    entries = find_entries(tree, config)
    if not entries:
        return Build(tree, failed=False)
    # Imported here: only sources need the bundler.
    from widgetpack.native.bundle import bundle_sources

    return bundle_sources(tree, config, entries)

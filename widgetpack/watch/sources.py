"""The sources of bundled scripts, as far as builds have told which they are."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from widgetpack.config.outputs import report_files
from widgetpack.errors import WidgetpackError
from widgetpack.files.sources import read_tree
from widgetpack.native.entry import find_entries
from widgetpack.watch.stamps import Stamps, read_source_stamps, source_folders

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config.settings import Config


class Sources:
    """What the last builds read, absolute and without packages; none for a classic widget."""

    def __init__(self, cwd: Path) -> None:
        """Take the folder (absolute) that paths of settings start from."""
        self.inputs: tuple[str, ...] = ()
        self._cwd = cwd
        self._tracked: set[str] = set()

    def take(self, inputs: tuple[str, ...], *, made: bool) -> None:
        """Note what a build read; one that ``made`` nothing names only the files at fault, and the others may hold the cure."""
        self.inputs = tuple(dict.fromkeys(inputs + (() if made else self.inputs)))

    def guess(self, path: Path, config: Config) -> None:
        """Look for entries where not even a first build could say what it reads."""
        if not self.inputs:
            with suppress(WidgetpackError):
                self.inputs = tuple(str(entry.source) for entry in find_entries(read_tree(path, config), config))

    def folders(self, config: Config) -> list[str]:
        """Return the folders to watch for them, without what is below."""
        return source_folders(self.inputs, self._cwd / config.base)

    def add(self, stamps: Stamps, config: Config, output: Path) -> Stamps:
        """Return the stamps of a widget's files with those of the sources, which `read_on` may exchange."""
        sources = self._stamps(config, output)
        self._tracked = sources.keys() - stamps.keys()
        return sources | stamps

    def read_on(self, stamps: Stamps, config: Config, output: Path, began: int) -> Stamps:
        """Return the stamps from before a build that read other sources than the last: theirs are taken after it.

        A source that changed since the build ``began`` (nanoseconds) gets none, and so is found changed at the next look.
        """
        now, base = self._stamps(config, output), self._cwd / config.base
        # What is there and has no stamp any more belongs to no source; what is gone was just deleted.
        idle = {path for path in self._tracked - now.keys() if os.path.lexists(base / path)}
        kept = {path: stamp for path, stamp in stamps.items() if path not in idle}
        return kept | {path: stamp for path, stamp in now.items() if path not in kept and max(stamp[:2]) < began}

    def _stamps(self, config: Config, output: Path) -> Stamps:
        if not self.inputs:
            return {}
        reports = (os.path.abspath(self._cwd / file) for file in report_files(config.output_format, config.report))  # noqa: PTH100  # absolute() keeps `..`
        return read_source_stamps(self.inputs, self._cwd / config.base, {str(output), *reports})

"""When ``[script] command`` runs again: a file of the project changed, and it was not the command, nor the build after it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.config.outputs import report_files
from widgetpack.toolchain.command import Command, CommandError, command_of, run_command
from widgetpack.watch.stamps import Stamps, project_folders, read_project_stamps, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.config.settings import Config

_OWN_AFTER = 3
"""A file that changes in so many runs on end is written by the command (``package.json``, by one that counts versions up), and so
are new ones in a folder; in fewer, somebody may have saved it meanwhile, and then the command has to run once more."""


class Project:
    """The files that the command may read, as they were when it last began, but for what it writes itself."""

    def __init__(self, cwd: Path) -> None:
        """Take the folder (absolute) that paths of settings start from."""
        self.fault: CommandError | None = None
        """Why the command failed, as long as it has not run again."""
        self._cwd = cwd
        self._command: Command | None = None
        self._known: Stamps = {}
        self._before: Stamps = {}
        self._counts: Counter[str] = Counter()
        self._own: set[str] = set()

    def make(self, config: Config, output: Path) -> str:
        """Run the command where it is a new one, or a file changed, and return what led to it; else nothing.

        `settle` is to be called after the build that follows.
        """
        given = command_of(config)
        if given is None:
            self._command = self.fault = None
            return ""
        # Settings of a path that comes and goes name their folder in different ways.
        command = given._replace(folder=Path(os.path.abspath(self._cwd / given.folder)))  # noqa: PTH100
        self._before = self._stamps(config, output)
        is_new = command != self._command
        if not is_new and self._before == self._known:
            return ""
        cause = "[script] command" if is_new else summary(self._known, self._before)
        if is_new or not self._counts.keys() >= set(_changed(self._known, self._before).values()):
            self._counts.clear()  # somebody's save, and no mere echo of the last run
        self._command, self.fault = command, None
        try:
            run_command(given, os.environ)
        except CommandError as error:
            self.fault = error
        return cause

    def settle(self, config: Config, output: Path) -> None:
        """Note what changed since `make` began: what the command writes is known, what may be a save is found at the next look."""
        if self._command is None:
            return
        after = self._stamps(config, output)
        changed = _changed(self._before, after)
        self._counts.update({key for key in changed.values() if key not in self._own})
        self._own |= {key for key, count in self._counts.items() if count >= _OWN_AFTER}
        self._known = after
        for path, key in changed.items():
            if key not in self._own:
                self._known.pop(path, None)
                self._known |= {path: self._before[path]} if path in self._before else {}

    def folders(self, config: Config, output: Path) -> Iterator[Path]:
        """Yield the folders to watch with all that is below them."""
        command = command_of(config)
        if command is not None:
            yield from project_folders(self._cwd / command.folder, self._passed(command, config, output))

    def _stamps(self, config: Config, output: Path) -> Stamps:
        command = command_of(config)
        if command is None:
            return {}
        return read_project_stamps(self._cwd / command.folder, self._passed(command, config, output))

    def _passed(self, command: Command, config: Config, output: Path) -> set[str]:
        """Return what the command and the build write, as absolute paths; the widget's own folder is looked at anyway."""
        top = os.path.abspath(self._cwd / command.folder)  # noqa: PTH100
        root = os.path.abspath(self._cwd / config.base / config.root)  # noqa: PTH100
        reports = (os.path.abspath(self._cwd / file) for file in report_files(config.output_format, config.report))  # noqa: PTH100
        return {str(output), *reports, *([root] if root.startswith(top.rstrip(os.sep) + os.sep) else [])}


def _changed(before: Stamps, after: Stamps) -> dict[str, str]:
    """Return the paths that differ, each with what it is counted by: a new file by its folder, for its name may be new each time."""
    paths = (path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return {path: path if path in before else f"{path.rpartition('/')[0]}/" for path in paths}

"""Make something of a widget on every save: hints say when to look, stamps whether anything changed, and only a change counts.

So neither reading, nor the build's own output, nor an editor's swap file leads to a build, and no lost event loses a save.
Looking, building and printing happen in the main thread: builds never overlap, and what changes during one starts the next.
"""

from __future__ import annotations

import gc
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

from widgetpack.errors import WidgetpackError, reason_of
from widgetpack.files.selection import load_selection
from widgetpack.files.sources import ROOTS, find_root
from widgetpack.model import SEVERITIES
from widgetpack.report.text import plural
from widgetpack.toolchain.command import CommandError, command_of
from widgetpack.watch.ending import Ending
from widgetpack.watch.hints import (
    BURST_SECONDS,
    CHECK_SECONDS,
    SETTLE_SECONDS,
    Hints,
    Place,
    identity,
    limits_explained,
    make_hints,
    place_of,
)
from widgetpack.watch.project import Project
from widgetpack.watch.sources import Sources
from widgetpack.watch.stamps import Stamps, own_folders, read_stamps, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from widgetpack.config.settings import Config
    from widgetpack.pipeline import Result


class Outcome(NamedTuple):
    """What came of one change."""

    result: Result
    made: str
    """What there is now, in words: ``dist/widget.zip 12.3 kB``; empty where the last good one stays."""


class Work(Protocol):
    """What is made of the widget after each change."""

    def make(self, path: Path, config: Config) -> Outcome:
        """Make it; raises `WidgetpackError` for what is outside of the widget."""

    def failed(self, error: WidgetpackError) -> None:
        """Take what kept `make` from being called, or what it raised; it is printed by who calls this."""

    def kept(self, config: Config) -> str:
        """Return what there is after a failure, in words: ``dist/widget.zip stays as it was``."""

    def output(self, config: Config) -> Path:
        """Return the file that `make` writes: it is none that counts."""

    def beside(self, config: Config) -> tuple[Path, ...]:
        """Return folders whose files count though they are no part of the widget."""


class Watch:
    """One watched widget; `run` returns only by Ctrl+C."""

    def __init__(  # noqa: PLR0913  # each is an option of the command
        self,
        configure: Callable[[], tuple[Path, Config]],
        work: Work,
        *,
        poll: bool,
        runs_command: bool,
        report: Callable[[Result], None],
        say: Callable[[str], None],
    ) -> None:
        """Take how to read the settings again, what to make of a change, and where findings and lines go.

        Raises `WidgetpackError` where the path is no folder.
        """
        self._configure = configure
        self._path, self._config = configure()
        self._work = work
        self._poll = poll
        self._runs_command = runs_command
        self._report = report
        self._say = say
        self._ending = Ending()
        self._cwd = Path.cwd()
        self._sources = Sources(self._cwd)
        self._project = Project(self._cwd)
        command = command_of(self._config) if runs_command else None
        # Absolute: a working directory that was removed and made again is another one. A command may well remove what it makes.
        self._folder = self._cwd / (self._path if command is None else command.folder)
        if identity(self._folder) is None:
            work.make(self._path, self._config)  # says what is wrong with it

    def run(self) -> NoReturn:
        """Build now and after every change; a folder that vanishes is waited for.

        Raises `WidgetpackError` where it cannot be watched.
        """
        # Collecting garbage takes a fifth of a build: it is done between builds instead.
        gc.disable()
        cause = "first build"
        with self._ending:
            while True:
                self._await_folder()
                with limits_explained(self._path):
                    hints = make_hints(poll=self._poll)
                try:
                    self._follow(hints, cause)
                finally:
                    hints.close()
                self._line(f"{self._path} is gone; waiting for it to come back")
                cause = f"{self._path} is back"

    def _await_folder(self) -> None:
        while identity(self._folder) is None:
            self._ending.check()
            time.sleep(CHECK_SECONDS)
        with suppress(FileNotFoundError):
            os.chdir(self._cwd)

    def _follow(self, hints: Hints, cause: str) -> None:
        """Build and go on building until the folder is another one, or none."""
        now = identity(self._folder)
        known: Stamps | None = None
        unsure = True
        while identity(self._folder) == now:
            self._ending.check()
            stirred = known is None or hints.wait()
            if not (stirred or unsure):
                continue
            if not stirred:
                hints.recover()
            try:
                known = self._look(hints, known, cause)
            except FileNotFoundError:
                # A folder went while it was looked at: the widget's own, or one that the next look will not find.
                time.sleep(SETTLE_SECONDS)
            # One look more when it has become quiet: a burst may have outrun the events.
            unsure = stirred

    def _look(self, hints: Hints, known: Stamps | None, cause: str) -> Stamps:
        """Compare the stamps with those known, and build where they differ; return those from before the build."""
        fault = self._reconfigure()
        with limits_explained(self._path):
            hints.watch(list(self._places()), self._output())
        start = time.perf_counter()
        made = self._project.make(self._config, self._output()) if self._runs_command and fault is None else ""
        stamps = self._stamps()
        if made or (stamps != known and (self._poll or known is None)):
            stamps = self._settled(stamps)
        if identity(self._folder) is None:
            raise FileNotFoundError
        if stamps != known or made:
            began, before = time.time_ns(), self._sources.inputs
            if known is not None:
                cause = made or summary(known, stamps)
            self._build(cause, fault or self._project.fault, start)
            gc.collect()
            if self._sources.inputs != before:
                stamps = self._sources.read_on(stamps, self._config, self._output(), began)
            if fault is None:
                self._project.settle(self._config, self._output())
        return stamps

    def _reconfigure(self) -> WidgetpackError | None:
        """Read the settings again; keep the last good ones where they are broken, and return why."""
        try:
            path, config = self._configure()
        except WidgetpackError as error:
            return error
        except OSError as error:
            reason = reason_of(error)
            return WidgetpackError(f"{error.filename or self._path}: cannot be read: {reason}")
        if identity(self._folder) is None:
            raise FileNotFoundError  # settings of a path that is no folder start from the one above it
        self._path, self._config = path, config
        return None

    def _output(self) -> Path:
        # Not resolved: events name the zip by the path that is watched.
        return Path(os.path.abspath(self._cwd / self._work.output(self._config)))  # noqa: PTH100

    def _places(self) -> Iterator[Place]:
        """Yield the folders to watch, each once: what stays out as a whole is not among them.

        5,500 folders below ``node_modules`` take 190 ms and as many of the kernel's watches. The widget's own folder comes
        last: where watches run out below one of the others watchdog says nothing, and this one then fails.
        """
        base, root = self._cwd / self._config.base, find_root(self._config)
        own = list(own_folders(root, load_selection(root, self._config))) if root is not None else []
        own += self._project.folders(self._config, self._output()) if self._runs_command else []
        settings = [self._config.file.parent] if self._config.file is not None else []
        others = [*settings, *([] if root is None else [root]), *(base / name for name in reversed(ROOTS))]
        others = [*map(Path, self._sources.folders(self._config)), *self._work.beside(self._config), *others]
        seen: set[str] = set()
        for folder, recursive in [*((folder, True) for folder in own), *((folder, False) for folder in others)]:
            place = place_of(self._cwd / folder, recursive=recursive)
            if place is not None and place.path not in seen:
                seen.add(place.path)
                yield place

    def _stamps(self) -> Stamps:
        output = self._output()
        stamps = read_stamps(self._config, self._cwd, output, self._work.beside(self._config))
        return self._sources.add(stamps, self._config, output)

    def _settled(self, stamps: Stamps) -> Stamps:
        """Look until two looks show the same; where there are events, they tell."""
        latest = time.monotonic() + BURST_SECONDS
        while time.monotonic() < latest:
            time.sleep(SETTLE_SECONDS)
            before, stamps = stamps, self._stamps()
            if stamps == before:
                break
        return stamps

    def _build(self, cause: str, fault: WidgetpackError | None, start: float) -> None:
        try:
            if fault is not None:
                raise fault
            result, made = self._work.make(self._path, self._config)
        except WidgetpackError as error:
            self._sources.guess(self._path, self._config)
            self._work.failed(error)
            for line in error.lines if isinstance(error, CommandError) else ():
                self._say(f"  {line}")
            self._line(f"{cause}: {error}; {self._work.kept(self._config)}, {_milliseconds(start)}")
            if error.hint:
                self._say(f"  try: {error.hint}")
            return
        elapsed = _milliseconds(start)
        self._sources.take(result.inputs, made=bool(made))
        self._report(result)
        if made:
            counts = f", {_counts(result)}" if result.findings else ""
            self._line(f"{cause}: {made}{counts}, {elapsed}")
        else:
            self._line(f"{cause}: {_counts(result)}; {self._work.kept(self._config)}, {elapsed}")

    def _line(self, text: str) -> None:
        self._say(f"{time.strftime('%H:%M:%S')} {text}")


def _milliseconds(start: float) -> str:
    return f"{1000 * (time.perf_counter() - start):.0f} ms"


def _counts(result: Result) -> str:
    counts = [(sum(finding.severity == name for finding in result.findings), name) for name in SEVERITIES]
    return ", ".join(plural(count, name) for count, name in counts if count)

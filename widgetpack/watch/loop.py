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

from widgetpack.errors import WidgetpackError
from widgetpack.files.selection import load_selection
from widgetpack.files.sources import ROOTS, find_root, read_tree
from widgetpack.model import SEVERITIES
from widgetpack.native.entry import find_entries
from widgetpack.report.text import plural
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
from widgetpack.watch.stamps import (
    Stamps,
    own_folders,
    read_source_stamps,
    read_stamps,
    source_folders,
    summary,
)

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

    def __init__(
        self,
        configure: Callable[[], tuple[Path, Config]],
        work: Work,
        *,
        poll: bool,
        report: Callable[[Result], None],
        say: Callable[[str], None],
    ) -> None:
        """Take how to read the settings again, what to make of a change, and where findings and lines go."""
        self._configure = configure
        self._path, self._config = configure()
        self._work = work
        self._poll = poll
        self._report = report
        self._say = say
        self._ending = Ending()
        self._inputs: tuple[str, ...] = ()
        self._tracked: set[str] = set()
        self._cwd = Path.cwd()
        # Absolute: a working directory that was removed and made again is another one.
        self._folder = self._cwd / self._path

    def run(self) -> NoReturn:
        """Build now and after every change; a folder that vanishes is waited for.

        Raises `WidgetpackError` where the path is no folder at the start, or cannot be watched.
        """
        if identity(self._folder) is None:
            self._work.make(self._path, self._config)  # says what is wrong with it
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
        stamps = self._stamps()
        if stamps != known and (self._poll or known is None):
            stamps = self._settled(stamps)
        if identity(self._folder) is None:
            raise FileNotFoundError
        if stamps != known:
            began, before = time.time_ns(), self._inputs
            self._build(cause if known is None else summary(known, stamps), fault)
            gc.collect()
            if self._inputs != before:
                stamps = self._read_on(stamps, began)
        return stamps

    def _read_on(self, stamps: Stamps, began: int) -> Stamps:
        """Return the stamps from before a build that read other sources than the last: theirs are taken after it.

        A source that changed since the build ``began`` (nanoseconds) gets none, and so is found changed at the next look.
        """
        now, base = self._source_stamps(), self._cwd / self._config.base
        # What is there and has no stamp any more belongs to no source; what is gone was just deleted.
        idle = {path for path in self._tracked - now.keys() if os.path.lexists(base / path)}
        kept = {path: stamp for path, stamp in stamps.items() if path not in idle}
        return kept | {path: stamp for path, stamp in now.items() if path not in kept and max(stamp[:2]) < began}

    def _reconfigure(self) -> WidgetpackError | None:
        """Read the settings again; keep the last good ones where they are broken, and return why."""
        try:
            path, config = self._configure()
        except WidgetpackError as error:
            return error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
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
        settings = [self._config.file.parent] if self._config.file is not None else []
        others = [*settings, *([] if root is None else [root]), *(base / name for name in reversed(ROOTS))]
        others = [*map(Path, source_folders(self._inputs, base)), *self._work.beside(self._config), *others]
        seen: set[str] = set()
        for folder, recursive in [*((folder, True) for folder in own), *((folder, False) for folder in others)]:
            place = place_of(self._cwd / folder, recursive=recursive)
            if place is not None and place.path not in seen:
                seen.add(place.path)
                yield place

    def _stamps(self) -> Stamps:
        tree = read_stamps(self._config, self._cwd, self._output(), self._work.beside(self._config))
        sources = self._source_stamps()
        self._tracked = sources.keys() - tree.keys()
        return sources | tree

    def _source_stamps(self) -> Stamps:
        return read_source_stamps(self._inputs, self._cwd / self._config.base, self._output()) if self._inputs else {}

    def _settled(self, stamps: Stamps) -> Stamps:
        """Look until two looks show the same; where there are events, they tell."""
        latest = time.monotonic() + BURST_SECONDS
        while time.monotonic() < latest:
            time.sleep(SETTLE_SECONDS)
            before, stamps = stamps, self._stamps()
            if stamps == before:
                break
        return stamps

    def _build(self, cause: str, fault: WidgetpackError | None) -> None:
        start = time.perf_counter()
        try:
            if fault is not None:
                raise fault
            outcome = self._work.make(self._path, self._config)
        except WidgetpackError as error:
            self._inputs = self._inputs or self._guessed()
            self._work.failed(error)
            self._line(f"{cause}: {error}; {self._work.kept(self._config)}, {_milliseconds(start)}")
            if error.hint:
                self._say(f"  try: {error.hint}")
            return
        result, made = outcome
        elapsed = _milliseconds(start)
        # What failed names only the files at fault; the others may hold the cure.
        self._inputs = tuple(dict.fromkeys(result.inputs + (() if made else self._inputs)))
        self._report(result)
        if made:
            counts = f", {_counts(result)}" if result.findings else ""
            self._line(f"{cause}: {made}{counts}, {elapsed}")
        else:
            self._line(f"{cause}: {_counts(result)}; {self._work.kept(self._config)}, {elapsed}")

    def _guessed(self) -> tuple[str, ...]:
        """Return the sources to watch where not even a first build could say which they are."""
        with suppress(WidgetpackError):
            return tuple(str(entry.source) for entry in find_entries(read_tree(self._path, self._config), self._config))
        return ()

    def _line(self, text: str) -> None:
        self._say(f"{time.strftime('%H:%M:%S')} {text}")


def _milliseconds(start: float) -> str:
    return f"{1000 * (time.perf_counter() - start):.0f} ms"


def _counts(result: Result) -> str:
    counts = [(sum(finding.severity == name for finding in result.findings), name) for name in SEVERITIES]
    return ", ".join(plural(count, name) for count, name in counts if count)

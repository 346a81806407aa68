"""Build on every save: file system events in, settled bursts of changes out, one build per burst.

The observer's thread only notes paths; building and printing happen in the main thread, so that two builds never overlap
and an event that arrives during a build starts the next one.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from watchdog.events import FileSystemEvent, FileSystemEventHandler

from widgetpack.config import FILE_NAME, Config
from widgetpack.errors import ConfigError, WidgetpackError
from widgetpack.model import SEVERITIES
from widgetpack.pipeline import Result, build
from widgetpack.report.text import human_size, plural
from widgetpack.selection import IGNORE_FILE, load_selection
from widgetpack.sources import find_root

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

SETTLE_SECONDS = 0.05
"""Quiet that ends a burst: editors and bundlers write a save in several steps."""
BURST_SECONDS = 1.0
"""Longest burst: a file that is written all the time must not keep the build waiting for ever."""
CHECK_SECONDS = 0.5
"""How often the folder itself is looked for; also what keeps Ctrl+C alive on Windows."""

_TELLING = frozenset({"created", "modified", "deleted", "moved", "closed"})
"""Kinds of event that may mean a change; reading a file raises only ``opened`` and ``closed_no_write``."""


class _Notes(FileSystemEventHandler):
    """Paths that changed since they were last taken, and whether the watched folder itself went away."""

    def __init__(self, folder: str) -> None:
        self.gone = False
        self._folder = folder
        self._paths: set[str] = set()
        self._changed = threading.Condition()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _TELLING or (event.is_directory and event.event_type == "modified"):
            return
        with self._changed:
            self.gone = self.gone or (event.event_type in {"deleted", "moved"} and event.src_path == self._folder)
            self._paths.update(os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
            self._changed.notify()

    def take(self, seconds: float) -> set[str]:
        """Wait up to ``seconds`` for a change; return the paths and forget them."""
        with self._changed:
            if not self._paths:
                self._changed.wait(seconds)
            paths, self._paths = self._paths, set()
            return paths

    def settled(self) -> set[str]:
        """Wait for a burst to begin and end; return its paths, or nothing after `CHECK_SECONDS`."""
        burst = self.take(CHECK_SECONDS)
        latest = time.monotonic() + BURST_SECONDS
        while burst and time.monotonic() < latest:
            more = self.take(SETTLE_SECONDS)
            if not more:
                break
            burst |= more
        return burst


class Watch:
    """One watched widget; `run` returns only by Ctrl+C."""

    def __init__(
        self,
        configure: Callable[[], tuple[Path, Config]],
        seconds: int,
        target: Path | None,
        *,
        poll: bool,
        report: Callable[[Result], None],
        say: Callable[[str], None],
    ) -> None:
        """Take how to read the settings again, `build`'s arguments, and where findings and lines go."""
        self._configure = configure
        self._path, self._config = configure()
        self._seconds = seconds
        self._target = target
        self._poll = poll
        self._report = report
        self._say = say
        self._cwd = Path.cwd()

    def run(self) -> NoReturn:
        """Build now and after every settled burst of changes; a vanished folder is waited for."""
        while True:
            identity = self._await_folder()
            notes = _Notes(str(self._folder()))
            observer = self._observe(notes)
            try:
                self._build("first build")
                while not notes.gone and self._identity() == identity:
                    changes = self._relevant(notes.settled())
                    if changes:
                        self._build(_summary(changes))
            finally:
                observer.stop()
                observer.join()
            self._line(f"{self._config.base} is gone; waiting for it to come back")

    def _folder(self) -> Path:
        """Return the watched folder, absolute: a working directory that was removed and made again has a new identity."""
        return self._cwd / self._config.base

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._folder().stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _await_folder(self) -> tuple[int, int]:
        while (identity := self._identity()) is None:
            time.sleep(CHECK_SECONDS)
        os.chdir(self._cwd)
        return identity

    def _observe(self, notes: _Notes) -> BaseObserver:
        if self._poll:
            from watchdog.observers.polling import PollingObserver

            observer: BaseObserver = PollingObserver(timeout=CHECK_SECONDS)
        else:
            from watchdog.observers import Observer

            observer = Observer()
        try:
            observer.schedule(notes, str(self._folder()), recursive=True)
            file = self._config.file
            if file is not None and (self._cwd / file.parent) != self._folder():
                observer.schedule(notes, str(self._cwd / file.parent), recursive=False)
            observer.start()
        except OSError as error:
            message = f"{self._config.base}: cannot be watched: {(error.strerror or str(error)).lower()}"
            raise WidgetpackError(message, "--poll asks the disk instead of waiting for events") from None
        return observer

    def _relevant(self, paths: Iterable[str]) -> set[str]:
        """Keep what can change the archive: not the output, not an editor's swap file."""
        root = self._cwd / (find_root(self._config) or self._config.base)
        selection = load_selection(root, self._config)
        settings = {FILE_NAME, "pyproject.toml", IGNORE_FILE}
        found = set()
        for path in paths:
            relative = os.path.relpath(path, root).replace(os.sep, "/")
            name = relative.rpartition("/")[2]
            if name in settings:
                found.add(relative)
            elif not relative.startswith("../") and relative != ".":
                verdict = selection.file(relative)
                # A path without a usable ending may be a folder that came, went or was renamed.
                folder = "." not in name and selection.file(relative + "/x.js").packed
                if verdict.packed or verdict.aside or folder:
                    found.add(relative)
        return found

    def _build(self, cause: str) -> None:
        start = time.perf_counter()
        try:
            self._path, self._config = self._configure()
            result = build(self._path, self._config, self._seconds, self._target)
        except WidgetpackError as error:
            self._line(f"{cause}: {error}; {self._kept()}")
            if isinstance(error, ConfigError) and error.hint:
                self._say(f"  try: {error.hint}")
            return
        elapsed = f"{1000 * (time.perf_counter() - start):.0f} ms"
        self._report(result)
        if result.artifact is None:
            self._line(f"{cause}: {_counts(result)}; {self._kept()}, {elapsed}")
        else:
            counts = f", {_counts(result)}" if result.findings else ""
            self._line(f"{cause}: {result.target} {human_size(result.artifact.size)}{counts}, {elapsed}")

    def _kept(self) -> str:
        target = self._target or self._config.base / self._config.output
        return f"{target.as_posix()} stays as it was" if target.is_file() else "no zip yet"

    def _line(self, text: str) -> None:
        self._say(f"{time.strftime('%H:%M:%S')} {text}")


def _summary(changes: set[str]) -> str:
    first = min(changes)
    return first if len(changes) == 1 else f"{first} and {plural(len(changes) - 1, 'other')}"


def _counts(result: Result) -> str:
    counts = [(sum(finding.severity == name for finding in result.findings), name) for name in SEVERITIES]
    return ", ".join(plural(count, name) for count, name in counts if count)

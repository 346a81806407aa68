"""Build on every save: file system events say when to look, and the files' stamps say whether anything changed.

An event is only a hint. Kernels drop events when too many arrive, watchers miss what happens in a folder that was made a
moment ago, and reading or the build's own output raises events too. So a settled burst of events leads to one look at the
stamps of the files that count, and only a difference leads to a build. ``--poll`` is the same without the hints.

The threads of watchdog set a flag; looking, building and printing happen in the main thread, so builds never overlap.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

from widgetpack.config import FILE_NAME, Config
from widgetpack.errors import WidgetpackError
from widgetpack.model import SEVERITIES
from widgetpack.pipeline import Result, build
from widgetpack.report.text import human_size, plural
from widgetpack.selection import IGNORE_FILE, Selection, load_selection
from widgetpack.sources import ROOTS, find_root

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

_FRESH_NS = 20_000_000
"""A file changed so shortly before it was looked at can change again under the same stamp: clocks tick every 1 to 16 ms."""
_FRESH_COARSE_NS = 2_000_000_000
"""The same on disks that count whole seconds, or pairs of them (FAT)."""
_SECOND_NS = 1_000_000_000

Stamps = dict[str, tuple[int, ...]]
"""What counts, by path below the root (settings: by name): modification and change time, size, inode, look of fresh ones."""


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
        """Build now and after every change; a vanished folder is waited for.

        Raises `WidgetpackError` where the folder is not there at the start, or cannot be watched.
        """
        if self._identity() is None:
            build(self._path, self._config, self._seconds, self._target)  # says what is wrong with the path
        cause = "first build"
        while True:
            self._await_folder()
            hints = self._hints()
            try:
                self._follow(hints, cause)
            finally:
                hints.close()
            self._line(f"{self._config.base} is gone; waiting for it to come back")
            cause = "the folder is back"

    def _follow(self, hints: Hints, cause: str) -> None:
        """Build and go on building until the folder is another one, or none."""
        identity = self._identity()
        known: Stamps | None = None
        unsure = True
        while self._identity() == identity:
            try:
                if known is not None:
                    stirred = hints.wait()
                    if not (stirred or unsure):
                        continue
                    if not stirred:
                        hints.recover()
                    # Once it is quiet, look again: a burst may have outrun the events.
                    unsure = stirred
                known = self._look(hints, known, cause)
            except FileNotFoundError:
                # The folder went while it was looked at; if not, the next look will tell.
                unsure = True

    def _look(self, hints: Hints, known: Stamps | None, cause: str) -> Stamps:
        """Compare the stamps with those known, and build where they differ; return those that the build saw."""
        fault = self._reconfigure()
        self._watch(hints)
        stamps = self._stamps()
        if stamps != known and (self._poll or known is None):
            stamps = self._settled(stamps)
        if self._identity() is None:
            raise FileNotFoundError
        if stamps != known:
            self._build(cause if known is None else _summary(known, stamps), fault)
        return stamps

    def _settled(self, stamps: Stamps) -> Stamps:
        """Look until nothing changes any more: what events tell where there are some."""
        latest = time.monotonic() + BURST_SECONDS
        while time.monotonic() < latest:
            time.sleep(SETTLE_SECONDS)
            before, stamps = stamps, self._stamps()
            if stamps == before:
                break
        return stamps

    def _reconfigure(self) -> WidgetpackError | None:
        """Read the settings again; keep the last good ones where they are broken, and return why."""
        try:
            self._path, self._config = self._configure()
        except WidgetpackError as error:
            return error
        return None

    def _base(self) -> Path:
        """Return the widget's folder, absolute: a working directory that was removed and made again is another one."""
        return self._cwd / self._config.base

    def _identity(self) -> tuple[int, int] | None:
        return _identity(self._base())

    def _await_folder(self) -> None:
        while self._identity() is None:
            time.sleep(CHECK_SECONDS)
        with suppress(FileNotFoundError):
            os.chdir(self._cwd)

    def _hints(self) -> Hints:
        if self._poll:
            return Clock()
        with self._limits():
            return Events()

    def _watch(self, hints: Hints) -> None:
        output = Path(os.path.abspath(self._cwd / (self._target or self._config.base / self._config.output)))
        with self._limits():
            hints.watch(list(self._places()), output)

    def _limits(self) -> _Limits:
        return _Limits(self._config.base)

    def _root(self) -> Path | None:
        root = find_root(self._config)
        return None if root is None else self._cwd / root

    def _places(self) -> Iterator[Place]:
        """Yield the folders to watch: what stays out as a whole is not among them.

        5,000 folders in ``node_modules`` cost 190 ms and as many of the kernel's watches. The widget's own folder comes last:
        where the watches run out below one of the others watchdog says nothing, but fails here.
        """
        base, root = self._base(), self._root()
        seen: set[str] = set()
        if root is not None:
            selection = load_selection(root, self._config)
            for item in _listed(str(root)):
                if _is_own_folder(item) and selection.folder(item.name, Path(item.path)).packed:
                    yield from _place(Path(item.path), seen, recursive=True)
        file = self._config.file
        settings = [self._cwd / file.parent] if file is not None else []
        for folder in (*settings, *([root] if root else []), *(base / name for name in reversed(ROOTS))):
            yield from _place(folder, seen, recursive=False)

    def _stamps(self) -> Stamps:
        """Return the stamps of every file that can change the archive, and of the settings."""
        now = time.time_ns()
        base, root = self._base(), self._root()
        stamps: Stamps = {}
        settings = {FILE_NAME: base / FILE_NAME, "pyproject.toml": base / "pyproject.toml"}
        if self._config.file is not None:
            settings[self._config.file.name] = self._cwd / self._config.file
        if root is not None:
            settings[IGNORE_FILE] = root / IGNORE_FILE
            output = os.path.abspath(self._cwd / (self._target or self._config.base / self._config.output))
            selection = load_selection(root, self._config)
            for path, status in _walk(str(root), "", selection):
                if os.path.join(root, path) != output:  # noqa: PTH118  # 10,000 times a look
                    stamps[path] = _stamp(status, now)
        for name, path in settings.items():
            with suppress(OSError):
                stamps[name] = _stamp(path.stat(), now)
        return stamps

    def _build(self, cause: str, fault: WidgetpackError | None) -> None:
        start = time.perf_counter()
        try:
            if fault is not None:
                raise fault
            result = build(self._path, self._config, self._seconds, self._target)
        except WidgetpackError as error:
            self._line(f"{cause}: {error}; {self._kept()}")
            if error.hint:
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


def _place(folder: Path, seen: set[str], *, recursive: bool) -> Iterator[Place]:
    path = os.path.abspath(folder)
    identity = _identity(folder)
    if path not in seen and identity is not None:
        seen.add(path)
        yield Place(path, recursive, identity)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _listed(folder: str) -> list[os.DirEntry[str]]:
    """Return what lies in a folder; nothing where it went away or may not be read: the build has a finding for that."""
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []


def _is_own_folder(item: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder and no link: a link to a folder of the widget shows what is seen there anyway."""
    try:
        return item.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _walk(folder: str, prefix: str, selection: Selection) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every file below ``folder`` that goes in or is read aside, with its status; links to folders as themselves."""
    pending = [(folder, prefix)]
    while pending:
        folder, prefix = pending.pop()
        for item in _listed(folder):
            path = prefix + item.name
            if _is_own_folder(item):
                if selection.folder(path, Path(item.path)).packed:
                    pending.append((item.path, path + "/"))
                continue
            verdict = selection.file(path)
            if verdict.packed or verdict.aside:
                with suppress(OSError):
                    yield path, item.stat(follow_symlinks=item.is_file())


def _stamp(status: os.stat_result, now: int) -> tuple[int, ...]:
    """Return what differs after a change; a fresh file's stamp equals no later one."""
    window = _FRESH_NS if status.st_mtime_ns % _SECOND_NS else _FRESH_COARSE_NS
    fresh = now if 0 <= now - status.st_mtime_ns < window else 0
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, fresh)


def _summary(known: Stamps, stamps: Stamps) -> str:
    """Return what changed: new settings alone where those changed, as they bring files in and out."""
    changes = {path for path in known.keys() | stamps.keys() if known.get(path) != stamps.get(path)}
    changes = changes & {FILE_NAME, "pyproject.toml", IGNORE_FILE} or changes
    first = min(changes)
    return first if len(changes) == 1 else f"{first} and {plural(len(changes) - 1, 'other')}"


def _counts(result: Result) -> str:
    counts = [(sum(finding.severity == name for finding in result.findings), name) for name in SEVERITIES]
    return ", ".join(plural(count, name) for count, name in counts if count)

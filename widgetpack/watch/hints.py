"""When to look at a watched folder: after a settled burst of file system events, or with ``--poll`` at every tick.

A hint does not say what changed. Kernels drop events when too many arrive, and watchers miss what happens in a folder that
was made a moment ago; so `widgetpack.watch.loop` looks for itself.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

from widgetpack.errors import WidgetpackError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

SETTLE_SECONDS = 0.05
"""Quiet that ends a burst: editors and bundlers write a save in several steps."""
BURST_SECONDS = 1.0
"""Longest burst: a file that is written all the time must not keep the build waiting for ever."""
CHECK_SECONDS = 0.5
"""How often the folder itself is looked for, and with --poll all files; also what keeps Ctrl+C alive on Windows."""

_SWAMPED = 4_000
"""So many events in one burst may have overrun the kernel's queue (16,384 on Linux) and left new folders unwatched."""


class Place(NamedTuple):
    """A folder to watch, as it is now: one that is made anew under the same name needs a new watch."""

    path: str
    """Absolute."""
    recursive: bool
    identity: tuple[int, int]


class Hints(Protocol):
    """What says that it is time to look."""

    def watch(self, places: list[Place], output: Path) -> None:
        """Take hints from exactly these folders from now on, apart from what the build itself writes."""

    def wait(self) -> bool:
        """Wait for a burst to begin and to settle; give up after `CHECK_SECONDS` with False."""

    def recover(self) -> None:
        """Start afresh where so much happened that hints may have been lost."""

    def close(self) -> None:
        """End every thread."""


class Clock:
    """Hints of ``--poll``: every tick is time to look."""

    def watch(self, places: list[Place], output: Path) -> None:
        """Do nothing: looking needs no preparation."""

    def wait(self) -> bool:
        """Wait for the next tick."""
        time.sleep(CHECK_SECONDS)
        return True

    def recover(self) -> None:
        """Do nothing: no hint is ever lost."""

    def close(self) -> None:
        """Do nothing: there is no thread."""


class Events:
    """Hints from the file system, through watchdog, whose threads only set a flag."""

    def __init__(self) -> None:
        """Start watching nothing yet; raises OSError where the system's limits are reached."""
        # Imported here: polling needs none of it. A library's warnings are no lines of this program.
        import logging

        from watchdog.observers import Observer

        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        self._stirred = threading.Event()
        self._lost: set[str] = set()
        self._count = 0
        self._output = ("", "")
        self._watches: dict[Place, ObservedWatch] = {}
        self._observer: BaseObserver = Observer()
        self._observer.start()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take one event; called by watchdog in a thread of its own."""
        if event.is_directory and event.event_type == "modified":
            return
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        if all(map(self._is_output, paths)):
            return
        if event.event_type in {"deleted", "moved"}:
            self._lost.add(paths[0])
        self._count += 1
        self._stirred.set()

    def _is_output(self, path: str) -> bool:
        folder, name = os.path.split(path)
        return folder == self._output[0] and (name == self._output[1] or name.startswith(f".{self._output[1]}."))

    def watch(self, places: list[Place], output: Path) -> None:
        """Raise OSError where the system's limits are reached."""
        self._output = (str(output.parent), output.name)
        lost, self._lost = self._lost, set()
        for place in list(self._watches):
            if place not in places or place.path in lost:
                self._forget(place)
        for place in places:
            if place not in self._watches:
                # What is gone again, or closed to this user, is the build's to report.
                with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                    self._watches[place] = self._schedule(place)

    def _schedule(self, place: Place) -> ObservedWatch:
        return self._observer.schedule(
            self,  # type: ignore[arg-type]  # all that is called is `dispatch`; the base class costs an import
            place.path,
            recursive=place.recursive,
            event_filter=_telling(),
        )

    def _forget(self, place: Place) -> None:
        with suppress(KeyError, OSError):
            self._observer.unschedule(self._watches.pop(place))

    def wait(self) -> bool:
        """Wait for events to come and to cease."""
        if not self._stirred.wait(CHECK_SECONDS):
            return False
        latest = time.monotonic() + BURST_SECONDS
        while time.monotonic() < latest:
            self._stirred.clear()
            if not self._stirred.wait(SETTLE_SECONDS):
                break
        return True

    def recover(self) -> None:
        """Forget every watch after a flood; the next `watch` sets them anew."""
        if self._count > _SWAMPED:
            for place in list(self._watches):
                self._forget(place)
        self._count = 0

    def close(self) -> None:
        """Stop watchdog's threads and wait for their end."""
        self._observer.stop()
        self._observer.join()


def make_hints(*, poll: bool) -> Hints:
    """Return the source of hints that the user asked for; raises OSError where the system's limits are reached."""
    return Clock() if poll else Events()


@contextmanager
def limits_explained(folder: Path) -> Iterator[None]:
    """Turn what the system refuses to watch into one line with its cure."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        message = f"{folder}: cannot be watched: {reason_of(error)}"
        raise WidgetpackError(message, "--poll asks the disk instead of waiting for events") from None


def place_of(folder: Path, *, recursive: bool) -> Place | None:
    """Return the folder as a place to watch, or nothing where it is none."""
    found = identity(folder)
    # Not resolved: events name files by the path that was watched.
    return Place(os.path.abspath(folder), recursive, found) if found else None  # noqa: PTH100


def identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of the same name (device and inode), or nothing where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _telling() -> list[type[FileSystemEvent]]:
    """Return the kinds of event that may mean a change: reading a file raises none of them."""
    from watchdog import events

    kinds = ("Created", "Modified", "Attrib", "Closed", "Deleted", "Moved")
    names = (*(f"File{kind}Event" for kind in kinds), "DirCreatedEvent", "DirDeletedEvent", "DirMovedEvent")
    return [getattr(events, name) for name in names if hasattr(events, name)]  # FileAttribEvent came with watchdog 7

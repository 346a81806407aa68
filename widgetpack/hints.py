"""When to look at a watched folder: after a settled burst of file system events, or with ``--poll`` at every tick.

A hint says nothing about what changed. Kernels drop events when too many arrive, and watchers miss what happens in a folder
that was made a moment ago; so `widgetpack.watch` looks for itself.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from widgetpack.errors import WidgetpackError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    recursive: bool
    identity: tuple[int, int]


class Hints(Protocol):
    """What says that it is time to look."""

    def watch(self, places: list[Place], output: Path) -> None:
        """Look at exactly these folders from now on, apart from what the build itself writes."""

    def wait(self) -> bool:
        """Wait for a burst to begin and to settle; give up after `CHECK_SECONDS` with False."""

    def recover(self) -> None:
        """Start afresh where so much happened that hints may have been lost."""

    def close(self) -> None:
        """End every thread."""


class Clock:
    """Hints of ``--poll``: always time to look."""

    def watch(self, places: list[Place], output: Path) -> None:
        pass

    def wait(self) -> bool:
        time.sleep(CHECK_SECONDS)
        return True

    def recover(self) -> None:
        pass

    def close(self) -> None:
        pass


class Events:
    """Hints from the file system, through watchdog."""

    def __init__(self) -> None:
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
        """Take one event from watchdog's thread."""
        if event.is_directory and event.event_type == "modified":
            return
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        if all(self._is_output(path) for path in paths):
            return
        if event.event_type in {"deleted", "moved"}:
            self._lost.add(paths[0])
        self._count += 1
        self._stirred.set()

    def _is_output(self, path: str) -> bool:
        folder, name = os.path.split(path)
        return folder == self._output[0] and (name == self._output[1] or name.startswith(f".{self._output[1]}."))

    def watch(self, places: list[Place], output: Path) -> None:
        self._output = (str(output.parent), output.name)
        lost, self._lost = self._lost, set()
        for place, watch in list(self._watches.items()):
            if place not in places or place.path in lost:
                self._forget(place, watch)
        for place in places:
            if place not in self._watches:
                # What is gone again, or closed to this user, is the build's to report.
                with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                    self._watches[place] = self._observer.schedule(
                        self, place.path, recursive=place.recursive, event_filter=_telling()  # type: ignore[arg-type]
                    )

    def _forget(self, place: Place, watch: ObservedWatch) -> None:
        del self._watches[place]
        with suppress(KeyError, OSError):
            self._observer.unschedule(watch)

    def wait(self) -> bool:
        if not self._stirred.wait(CHECK_SECONDS):
            return False
        latest = time.monotonic() + BURST_SECONDS
        while time.monotonic() < latest:
            self._stirred.clear()
            if not self._stirred.wait(SETTLE_SECONDS):
                break
        return True

    def recover(self) -> None:
        if self._count > _SWAMPED:
            for place, watch in list(self._watches.items()):
                self._forget(place, watch)
        self._count = 0

    def close(self) -> None:
        self._observer.stop()
        self._observer.join()


def _telling() -> list[type[FileSystemEvent]]:
    """Return the kinds of event that may mean a change: reading a file raises none of them."""
    from watchdog import events

    names = (
        *("FileCreatedEvent", "FileModifiedEvent", "FileAttribEvent", "FileClosedEvent", "FileDeletedEvent", "FileMovedEvent"),
        *("DirCreatedEvent", "DirDeletedEvent", "DirMovedEvent"),
    )
    return [getattr(events, name) for name in names if hasattr(events, name)]  # FileAttribEvent: watchdog 7

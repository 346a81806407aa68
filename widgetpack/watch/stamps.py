"""Whether a widget changed: one stamp per file that counts, from a walk that opens no file."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.config.file import FILE_NAME
from widgetpack.files.selection import IGNORE_FILE, Selection, load_selection
from widgetpack.files.sources import find_root
from widgetpack.native.options import LOADERS, SCRIPTS
from widgetpack.report.text import plural

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator

    from widgetpack.config.settings import Config

Stamps = dict[str, tuple[int, ...]]
"""What counts, by path below the widget's root (settings: by name), with what differs after a change of it."""

SETTINGS = frozenset({FILE_NAME, "pyproject.toml", IGNORE_FILE})

_FRESH_NS = 20_000_000
"""A file changed so shortly before it is looked at can change again under the same stamp: clocks tick every 1 to 16 ms."""
_FRESH_COARSE_NS = 2_000_000_000
"""The same on disks that count whole seconds, or pairs of them (FAT)."""
_SECOND_NS = 1_000_000_000

_SOURCES = (
    *(*SCRIPTS, ".json", ".css"),
    *(f".{ending}" for endings in LOADERS.values() for ending in endings),
)
"""What an import can lead to."""


def read_stamps(config: Config, cwd: Path, output: Path, further: Iterable[Path] = ()) -> Stamps:
    """Look at every file that can change the archive, and at the settings; paths of ``config`` start from ``cwd``.

    ``output`` (absolute) does not count, whatever the patterns say; what lies directly in the ``further`` folders does. What is
    gone or may not be read has no stamp.
    """
    now = time.time_ns()
    base, root = cwd / config.base, find_root(config)
    settings = {name: base / name for name in (FILE_NAME, "pyproject.toml")}
    if config.file is not None:
        settings[config.file.name] = cwd / config.file
    stamps: Stamps = {}
    if root is not None:
        settings[IGNORE_FILE] = cwd / root / IGNORE_FILE
        top = str(cwd / root)
        never = os.path.relpath(output, top).replace(os.sep, "/")
        walk = _walk(top, load_selection(root, config))
        stamps.update((path, _stamp(status, now)) for path, status in walk if path != never)
    for item in (item for folder in further for item in _listed(str(cwd / folder))):
        with suppress(OSError):
            stamps[os.path.relpath(item.path, base).replace(os.sep, "/")] = _stamp(item.stat(), now)
    for name, location in settings.items():
        with suppress(OSError):
            stamps[name] = _stamp(location.stat(), now)
    return stamps


def read_source_stamps(inputs: Iterable[str], base: Path, written: Collection[str]) -> Stamps:
    """Look at the sources of a bundled script, by path from ``base`` (absolute), and at what stands beside them.

    An import that leads nowhere, or to another file tomorrow, is settled by a file that comes: so every source in the folders of
    ``inputs`` counts, and of a folder in them when something comes or goes in it. Packages do not count, nor what the build itself has
    ``written`` (absolute).
    """
    now = time.time_ns()
    stamps: Stamps = {}
    folders = source_folders(inputs, base)
    passed = {*folders, *written, *map(os.path.dirname, written)}
    for item in (item for folder in folders for item in _listed(folder)):
        is_folder = _is_own_folder(item)
        if item.name.startswith(".") or item.name == "node_modules" or item.path in passed:
            continue
        if is_folder or item.name.lower().endswith(_SOURCES):
            with suppress(OSError):
                stamps[os.path.relpath(item.path, base).replace(os.sep, "/")] = _stamp(item.stat(), now)
    for path in inputs:  # also one with another ending: a named file of settings
        with suppress(OSError, ValueError):
            stamps[os.path.relpath(path, base).replace(os.sep, "/")] = _stamp(os.stat(path), now)  # noqa: PTH116
    return stamps


def source_folders(inputs: Iterable[str], base: Path) -> list[str]:
    """Return the folders of ``inputs``, and ``base`` where there are any, each once."""
    folders = dict.fromkeys(os.path.dirname(path) for path in inputs)  # noqa: PTH120
    return [*folders, *([str(base)] if folders and str(base) not in folders else [])]


def read_project_stamps(folder: Path, passed: Container[str]) -> Stamps:
    """Look at every file that the project's own build may read, by path from ``folder`` (absolute).

    Left out are packages, hidden folders, and what is ``passed`` over (absolute paths of files and folders).
    """
    top = str(folder)
    stamps: Stamps = {}
    pending = [top]
    while pending:
        for item in _listed(pending.pop()):
            if item.path in passed:
                continue
            if _is_own_folder(item):
                if _may_hold_sources(item):
                    pending.append(item.path)
                continue
            with suppress(OSError, ValueError):
                status = item.stat()
                # The freshness of a stamp would have the command run again for what it has just written itself.
                stamps[os.path.relpath(item.path, top).replace(os.sep, "/")] = _stamp(status, 0)[:-1]
    return stamps


def project_folders(folder: Path, passed: Container[str]) -> Iterator[Path]:
    """Yield the folders right below ``folder`` that `read_project_stamps` enters."""
    for item in _listed(str(folder)):
        if item.path not in passed and _is_own_folder(item) and _may_hold_sources(item):
            yield Path(item.path)


def _may_hold_sources(item: os.DirEntry[str]) -> bool:
    return not item.name.startswith(".") and item.name != "node_modules"


def own_folders(folder: Path, selection: Selection) -> Iterator[Path]:
    """Yield the folders right below ``folder`` that do not stay out as a whole."""
    for item in _listed(str(folder)):
        if _is_own_folder(item) and selection.folder(item.name, Path(item.path)).packed:
            yield Path(item.path)


def summary(before: Stamps, after: Stamps) -> str:
    """Return what changed in words: changed settings alone, as they bring files in and out; else the first path of all."""
    changes = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    changes = changes & SETTINGS or changes
    first = min(changes)
    return first if len(changes) == 1 else f"{first} and {plural(len(changes) - 1, 'other')}"


def _walk(top: str, selection: Selection) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every file that goes in or is read aside, with its status; links to folders as themselves."""
    pending = [(top, "")]
    while pending:
        folder, prefix = pending.pop()
        for item in _listed(folder):
            path = prefix + item.name
            if _is_own_folder(item):
                if selection.folder(path, Path(item.path)).packed:
                    pending.append((item.path, path + "/"))
                continue
            verdict = selection.file(path)
            if verdict.packed or verdict.aside or item.is_symlink():
                with suppress(OSError):
                    yield path, item.stat(follow_symlinks=item.is_file())


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


def _stamp(status: os.stat_result, now: int) -> tuple[int, ...]:
    """Return times, size, inode and kind; the stamp of a fresh file also holds ``now`` and so equals no later one."""
    window = _FRESH_NS if status.st_mtime_ns % _SECOND_NS else _FRESH_COARSE_NS
    fresh = now if 0 <= now - status.st_mtime_ns < window else 0
    kind = stat.S_IFMT(status.st_mode)
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, kind, fresh)

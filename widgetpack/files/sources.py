"""From a folder or a zip to a `Tree`: the one place that reads a widget from disk."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import UsageError, reason_of
from widgetpack.files.selection import NOT_REGULAR, REPORT, Selection, Verdict, load_selection, read_regular
from widgetpack.files.written import is_own
from widgetpack.model import MAX_FILE_BYTES, MAX_TREE_BYTES, Anomaly, Entry, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.config.settings import Config

ROOTS = ("", "widget", "public", "src")
"""Folders in which the manifest is looked for, in this order."""

MAX_ITEMS = 100_000
"""Files and folders that are looked at: links to folders inside the widget can multiply without end."""

_TRIES = 3
_PAUSE_SECONDS = 0.01
"""Between two tries at a file that changes: a save is over in less."""


class _Found(NamedTuple):
    """One thing met on the walk: a file to read, or a reason why there is nothing to read."""

    path: str
    location: str
    size: int
    verdict: Verdict
    anomaly: Anomaly | None = None

    @property
    def wanted(self) -> bool:
        return self.anomaly is None and (self.verdict.packed or self.verdict.aside)


def find_root(config: Config) -> Path | None:
    """Return the folder that holds ``manifest.json``: the config's ``root``, or the first of `ROOTS` that has one."""
    names = (config.root,) if config.root else ROOTS
    return next((config.base / name for name in names if _has_manifest(config.base / name)), None)


def read_tree(path: Path, config: Config) -> Tree:
    """Read the widget at ``path``: a folder (see `find_root`) or a finished zip.

    Returns a tree without files where no manifest is found; a rule reports it. Raises `UsageError` where ``path`` is
    neither a folder nor a file, or cannot be opened at all.
    """
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            return _read_archive(path, status.st_size)
    except OSError as error:
        message = f"{path}: {reason_of(error)}"
        raise UsageError(message, "name the widget's folder or its finished zip") from None
    if not stat.S_ISDIR(status.st_mode):
        message = f"{path}: neither a folder nor a zip"
        raise UsageError(message, "name the widget's folder or its finished zip")
    root = find_root(config)
    if root is None:
        return Tree(str(path), {}, {}, (), _near_manifests(config.base / config.root))
    return _read_folder(root, config)


def _read_archive(path: Path, size: int) -> Tree:
    # The zip reader is a module of its own, and zipfile an import that a folder does not need yet.
    from widgetpack.files.unzip import read_zip

    if size > MAX_TREE_BYTES:
        detail = f"{size:,} bytes; an archive of at most {MAX_TREE_BYTES:,} is read"
        return Tree(str(path), {}, {}, (), (Anomaly("bomb", "", detail),), is_archive=True)
    data = path.read_bytes()
    if path.suffix.lower() != ".zip" and not data.startswith(b"PK"):
        message = f"{path}: neither a folder nor a zip"
        raise UsageError(message, f"to check the widget around it: widgetpack validate {path.parent}")
    return read_zip(str(path), data)


def _has_manifest(folder: Path) -> bool:
    return os.path.isfile(folder / "manifest.json")  # noqa: PTH113  # Path's raises for what may not be looked at


def _near_manifests(folder: Path) -> tuple[Anomaly, ...]:
    """Facts for the finding that no manifest is there: a name in the wrong case, a folder too high."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return ()
    wrong_case = [name for name in names if name.lower() == "manifest.json"]
    below = [f"{name}/manifest.json" for name in names if _has_manifest(folder / name)]
    if "manifest.json" in wrong_case:
        reason = "a folder" if (folder / "manifest.json").is_dir() else _no_file(str(folder / "manifest.json"))
        return (Anomaly("unreadable", "manifest.json", reason),)
    return tuple(Anomaly("near-manifest", _printable(name)) for name in wrong_case + below)


def _no_file(location: str) -> str:
    """Say why something is no file that can be read."""
    if os.path.islink(location) and not os.path.exists(location):  # noqa: PTH110, PTH114
        return f"a broken link to {_printable(os.readlink(location))}"  # noqa: PTH115
    return NOT_REGULAR


def _read_folder(root: Path, config: Config) -> Tree:
    files: dict[str, bytes] = {}
    aside: dict[str, bytes] = {}
    entries: list[Entry] = []
    anomalies: list[Anomaly] = []
    total = 0
    for found in sorted(_walk(root, load_selection(root, config)), key=lambda item: item.path):
        data, anomaly = _read_file(found, total) if found.wanted else (None, found.anomaly)
        verdict = found.verdict
        if data is not None and is_own(data):
            data, verdict = None, Verdict(packed=False, reason=REPORT)
        if data is not None:
            total += len(data)
            (files if verdict.packed else aside)[found.path] = data
        if anomaly is not None:
            anomalies.append(anomaly)
        size = found.size if data is None else len(data)
        packed = data is not None and verdict.packed
        reason = anomaly.detail if anomaly is not None else verdict.reason
        if found.path:
            entries.append(Entry(found.path, size, packed, reason))
    return Tree(root.as_posix(), files, aside, tuple(entries), tuple(anomalies))


class _Level(NamedTuple):
    """A folder on the walk."""

    prefix: str
    location: str
    real: str
    """Where it lies behind all links."""
    above: frozenset[str]
    """The real folders that hold it, itself included: a link to one of them is a loop."""


def _walk(root: Path, selection: Selection) -> Iterator[_Found]:
    """Yield every file below ``root``; a folder that stays out as a whole is one item with a closing slash."""
    top = os.path.realpath(root)
    pending = [_Level("", str(root), top, frozenset({top}))]
    seen = 0
    while pending:
        level = pending.pop()
        try:
            with os.scandir(level.location) as listing:
                items = list(listing)
        except OSError as error:
            yield _unreadable(level.prefix.rstrip("/"), level.location, error)
            continue
        seen += len(items)
        if seen > MAX_ITEMS:
            detail = f"more than {MAX_ITEMS:,} files and folders; the rest is not looked at"
            yield _Found("", level.location, 0, Verdict(packed=False, reason=detail), Anomaly("too-large", "", detail))
            return
        for item in items:
            found = _meet(level, item, top, selection)
            if isinstance(found, _Level):
                pending.append(found)
            else:
                yield found


def _meet(level: _Level, item: os.DirEntry[str], top: str, selection: Selection) -> _Found | _Level:
    """Judge one thing in a folder: something to read, to leave out, or to enter."""
    path = level.prefix + item.name
    try:
        is_folder = item.is_dir()
    except OSError:  # a link to itself: only its name can tell whether anybody wants it
        is_folder = False
    real = os.path.realpath(item.path) if item.is_symlink() else os.path.join(level.real, item.name)  # noqa: PTH118
    if is_folder:
        # Behind a link that leads back, a manifest is this widget's own and makes no other widget.
        verdict = selection.folder(path, Path(os.devnull if real in level.above else item.path))
        if not verdict.packed:
            return _Found(_printable(path) + "/", item.path, 0, verdict)
    else:
        verdict = selection.file(path)
        if not (verdict.packed or verdict.aside):
            return _Found(_printable(path), item.path, _size(item), verdict)
    try:
        fault = _link_fault(path, item, real, top, level.above) if item.is_symlink() else None
        if fault is not None:
            return _left_out(path, item.path, fault.kind, fault.detail)
        if is_folder:
            return _Level(path + "/", item.path, real, level.above | {real})
        return _file(path, item, verdict)
    except OSError as error:
        return _unreadable(path, item.path, error)


def _file(path: str, item: os.DirEntry[str], verdict: Verdict) -> _Found:
    if not _is_utf8(path):
        return _left_out(path, item.path, "name", "its name is not UTF-8")
    status = item.stat()
    if not stat.S_ISREG(status.st_mode):
        return _left_out(path, item.path, "special", NOT_REGULAR)
    return _Found(path, item.path, status.st_size, verdict)


def _size(item: os.DirEntry[str]) -> int:
    """Return the size of a file that nobody reads; what cannot be asked has none."""
    try:
        return item.stat().st_size
    except OSError:
        return 0


def _left_out(path: str, location: str, kind: str, reason: str) -> _Found:
    """Note a file that belongs into the widget and cannot come."""
    shown = _printable(path)
    return _Found(shown, location, 0, Verdict(packed=False, reason=reason), Anomaly(kind, shown, reason))


def _unreadable(path: str, location: str, error: OSError) -> _Found:
    return _left_out(path, location, "unreadable", f"cannot be read: {reason_of(error)}")


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(path: str) -> str:
    """Write the bytes of a name that are not UTF-8 as escapes."""
    return path.encode("utf-8", "backslashreplace").decode()


def _link_fault(path: str, item: os.DirEntry[str], real: str, top: str, above: frozenset[str]) -> Anomaly | None:
    """Return what is wrong with a link: it may point at anything inside the root that is not above it."""
    target = _printable(os.readlink(item.path))  # noqa: PTH115
    if real != top and not real.startswith(top.rstrip(os.sep) + os.sep):
        return Anomaly("outside-link", path, f"a link to {target}, outside the widget")
    if real in above:
        return Anomaly("link-loop", path, f"a link to {target}, a folder that holds it")
    if os.path.islink(real):  # noqa: PTH114  # nothing but a loop of links is still a link after all are followed
        return Anomaly("link-loop", path, f"a link to {target}, which leads back to itself")
    if not os.path.exists(real):  # noqa: PTH110
        return Anomaly("unreadable", path, f"a broken link to {target}")
    return None


def _read_file(found: _Found, total: int) -> tuple[bytes | None, Anomaly | None]:
    """Read a file whole; a change while it is read means reading it again."""
    if found.size > MAX_FILE_BYTES or total + found.size > MAX_TREE_BYTES:
        limit = MAX_FILE_BYTES if found.size > MAX_FILE_BYTES else MAX_TREE_BYTES
        what = "one file" if found.size > MAX_FILE_BYTES else "the widget"
        return None, Anomaly("too-large", found.path, f"{found.size:,} bytes; at most {limit:,} are read of {what}")
    try:
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE_SECONDS)
            data = read_regular(found.location, MAX_FILE_BYTES + 1)
            if data is not None:
                return data, None
    except OSError as error:
        return None, Anomaly("unreadable", found.path, f"cannot be read: {reason_of(error)}")
    return None, Anomaly("changing", found.path, "changes while it is read")

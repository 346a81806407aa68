"""From a folder or a zip to a `Tree`: the one place that reads a widget from disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from widgetpack.config import Config
from widgetpack.errors import UsageError
from widgetpack.model import Anomaly, Entry, Tree
from widgetpack.selection import Selection, Verdict, load_selection

MAX_FILE_BYTES = 50_000_000
MAX_TREE_BYTES = 200_000_000
"""More is not read: the largest real widget unpacks to 6.6 MB."""

ROOTS = ("", "widget", "public", "src")
"""Folders in which the manifest is looked for, in this order."""

_TRIES = 3


class _Found(NamedTuple):
    """One thing met on the walk: a file to read, or a reason why there is nothing to read."""

    path: str
    location: str
    size: int
    verdict: Verdict
    anomaly: Anomaly | None = None


def find_root(config: Config) -> Path | None:
    """Return the folder that holds ``manifest.json``: the config's ``root``, or the first of `ROOTS` that has one."""
    names = (config.root,) if config.root else ROOTS
    return next((config.base / name for name in names if (config.base / name / "manifest.json").is_file()), None)


def read_tree(path: Path, config: Config) -> Tree:
    """Read the widget at ``path``: a folder (see `find_root`) or a finished zip.

    Returns a tree without files where no manifest is found; a rule reports it. Raises `UsageError` where ``path`` is
    neither a folder nor a file, or cannot be opened at all.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            # The zip reader is a module of its own, and zipfile an import that a folder does not need yet.
            from widgetpack.unzip import read_zip

            return read_zip(str(path), path.read_bytes())
    except OSError as error:
        message = f"{path}: {(error.strerror or str(error)).lower()}"
        raise UsageError(message, "name the widget's folder or its finished zip") from None
    if not stat.S_ISDIR(mode):
        message = f"{path}: neither a folder nor a zip"
        raise UsageError(message, "name the widget's folder or its finished zip")
    root = find_root(config)
    if root is None:
        return Tree(str(path), {}, {}, (), _near_manifests(config.base / config.root))
    return _read_folder(root, config)


def _near_manifests(folder: Path) -> tuple[Anomaly, ...]:
    """Facts for the finding that no manifest is there: a name in the wrong case, a folder too high."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ()
    wrong_case = [name for name in names if name.lower() == "manifest.json"]
    below = [f"{name}/manifest.json" for name in names if (folder / name / "manifest.json").is_file()]
    return tuple(Anomaly("near-manifest", name) for name in wrong_case + below)


def _read_folder(root: Path, config: Config) -> Tree:
    selection = load_selection(root, config)
    files: dict[str, bytes] = {}
    aside: dict[str, bytes] = {}
    entries: list[Entry] = []
    anomalies: list[Anomaly] = []
    total = 0
    for found in sorted(_walk(root, selection), key=lambda item: item.path):
        data = None
        anomaly = found.anomaly
        if anomaly is None and (found.verdict.packed or found.verdict.aside):
            data, anomaly = _read_file(found, total)
        if data is not None:
            total += len(data)
            (files if found.verdict.packed else aside)[found.path] = data
        if anomaly is not None:
            anomalies.append(anomaly)
        size = found.size if data is None else len(data)
        entries.append(Entry(found.path, size, data is not None and found.verdict.packed, found.verdict.reason))
    return Tree(_shown(root), files, aside, tuple(entries), tuple(anomalies))


def _shown(root: Path) -> str:
    return root.as_posix()


def _walk(root: Path, selection: Selection) -> Iterator[_Found]:
    """Yield every file below ``root``; a folder that stays out as a whole is one item with a closing slash."""
    top = os.path.realpath(root)
    pending = [("", str(root), frozenset({top}))]
    while pending:
        prefix, folder, above = pending.pop()
        try:
            with os.scandir(folder) as listing:
                items = list(listing)
        except OSError as error:
            yield _unreadable(prefix.rstrip("/"), folder, error)
            continue
        for item in items:
            path = prefix + item.name
            try:
                path.encode()
            except UnicodeEncodeError:
                printable = path.encode("utf-8", "backslashreplace").decode()
                yield _Found(printable, item.path, 0, Verdict(packed=False, reason="its name is not UTF-8"), Anomaly("name", printable))
                continue
            try:
                is_folder = item.is_dir()
                verdict = selection.folder(path, Path(item.path)) if is_folder else selection.file(path)
                if verdict.packed and item.is_symlink():
                    anomaly = _link_fault(path, item, top, above)
                    if anomaly is not None:
                        yield _Found(path, item.path, 0, Verdict(packed=False, reason=anomaly.detail), anomaly)
                        continue
                if is_folder and verdict.packed:
                    pending.append((path + "/", item.path, above | {os.path.realpath(item.path)}))
                elif is_folder:
                    yield _Found(path + "/", item.path, 0, verdict)
                else:
                    yield _file(path, item, verdict)
            except OSError as error:
                yield _unreadable(path, item.path, error)


def _file(path: str, item: os.DirEntry[str], verdict: Verdict) -> _Found:
    status = item.stat()
    if verdict.packed and not stat.S_ISREG(status.st_mode):
        reason = "not a regular file (a pipe, socket or device)"
        return _Found(path, item.path, 0, Verdict(packed=False, reason=reason), Anomaly("special", path, reason))
    return _Found(path, item.path, status.st_size, verdict)


def _unreadable(path: str, location: str, error: OSError) -> _Found:
    reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
    return _Found(path, location, 0, Verdict(packed=False, reason=reason), Anomaly("unreadable", path, reason))


def _link_fault(path: str, item: os.DirEntry[str], top: str, above: frozenset[str]) -> Anomaly | None:
    """A link may point at anything inside the root that is not above it."""
    target = os.path.realpath(item.path)
    if target != top and not target.startswith(top + os.sep):
        return Anomaly("outside-link", path, f"a link to {os.readlink(item.path)}, outside the widget")
    if target in above or target == top:
        return Anomaly("link-loop", path, f"a link to {os.readlink(item.path)}, a folder that holds it")
    return None


def _read_file(found: _Found, total: int) -> tuple[bytes | None, Anomaly | None]:
    """Read a file whole; a change while it is read means reading it again."""
    if found.size > MAX_FILE_BYTES or total + found.size > MAX_TREE_BYTES:
        limit = MAX_FILE_BYTES if found.size > MAX_FILE_BYTES else MAX_TREE_BYTES
        what = "one file" if found.size > MAX_FILE_BYTES else "the widget"
        return None, Anomaly("too-large", found.path, f"{found.size:,} bytes; at most {limit:,} are read of {what}")
    try:
        for _ in range(_TRIES):
            with open(found.location, "rb") as file:  # noqa: PTH123  # Path costs a tenth of a walk over 10,000 files
                before = os.fstat(file.fileno())
                data = file.read(MAX_FILE_BYTES + 1)
                after = os.fstat(file.fileno())
            if len(data) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
                return data, None
    except OSError as error:
        return None, Anomaly("unreadable", found.path, f"cannot be read: {(error.strerror or str(error)).lower()}")
    return None, Anomaly("changing", found.path, "changes while it is read")

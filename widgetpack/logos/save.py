"""All files or none: written beside their places first, then renamed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from widgetpack.errors import UsageError, WriteError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Raise `UsageError` with one line that names every path that is taken; with ``force`` only what is no file."""
    # os.path's questions have an answer also for what may not be looked at; the writing then says why.
    paths = list(paths)
    twice = sorted({path.as_posix() for path in paths if paths.count(path) > 1})
    if twice:
        message = f"{', '.join(twice)}: would be written twice"
        raise UsageError(message, "name another --preview")
    blocked = [path.as_posix() for path in paths if os.path.exists(path) and not os.path.isfile(path)]  # noqa: PTH110, PTH113
    if blocked:
        message = f"{', '.join(blocked)}: not a file, and in the way of one"
        raise UsageError(message, "move it away")
    taken = [path.as_posix() for path in paths if os.path.lexists(path)]
    if taken and not force:
        message = f"{', '.join(taken)}: {'exist' if len(taken) > 1 else 'exists'} already; nothing is written"
        raise UsageError(message, "replace with --force, choose some with --slot, or another folder with -o")


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write every file, or leave the disk as it was and raise `WriteError` with the reason."""
    temporary: dict[Path, Path] = {}
    old: dict[Path, bytes | None] = {}
    folders: list[Path] = []
    target = next(iter(files), None)
    try:
        try:
            for target, data in files.items():  # the handler below names the one that failed
                folders += _make_folders(target.parent)
                temporary[target] = target.parent / f".widgetpack-{os.urandom(8).hex()}.tmp"  # hidden: never packed
                _write(temporary[target], data)
            for target, beside in temporary.items():
                before = target.read_bytes() if os.path.isfile(target) else None  # noqa: PTH113
                beside.replace(target)
                old[target] = before
        except BaseException:  # also Ctrl+C and SIGTERM
            _undo(old, temporary.values(), folders)
            raise
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message = f"{target}: cannot be written: {reason_of(error)}"
        raise WriteError(message, "nothing was changed; name another folder with -o") from None


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, the innermost first."""
    new = []
    while not os.path.isdir(folder):  # noqa: PTH112
        new.append(folder)
        if folder == folder.parent:
            break
        folder = folder.parent
    if new:
        new[0].mkdir(parents=True, exist_ok=True)
    return new


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _undo(old: Mapping[Path, bytes | None], temporary: Iterable[Path], folders: Iterable[Path]) -> None:
    for target, data in old.items():
        if data is None:
            target.unlink(missing_ok=True)
        else:
            target.write_bytes(data)
    for path in temporary:
        path.unlink(missing_ok=True)
    for folder in folders:
        if os.path.isdir(folder) and not os.listdir(folder):  # noqa: PTH112, PTH208
            folder.rmdir()

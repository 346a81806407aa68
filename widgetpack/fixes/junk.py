"""What an operating system leaves in a folder: found by name, and by the bytes where a name alone could be anybody's."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WriteError, reason_of

if TYPE_CHECKING:
    from widgetpack.model import Tree

_FILES = frozenset({".DS_Store", "Thumbs.db"})
_FOLDER = "__MACOSX"
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
"""First bytes of a ``._`` file (RFC 1740, AppleDouble)."""


class Junk(NamedTuple):
    """What an operating system left in a widget's folder, by paths below its root; a folder has a closing slash."""

    gone: tuple[str, ...]
    """What can go, in the order in which it does: a folder after what lies in it, and only where that all goes."""
    stays: tuple[str, ...]
    """What lies in such a folder and is somebody's own."""


def find_junk(tree: Tree) -> Junk:
    """Return what nobody put there; what the config brings in stays, and is not named."""
    gone: list[str] = []
    stays: list[str] = []
    root = Path(tree.source)
    for entry in tree.entries:
        name = entry.path.rstrip("/").rpartition("/")[2]
        if entry.packed or not _lies_inside(root, root / entry.path):
            continue
        if not entry.path.endswith("/"):
            gone += [entry.path] if _is_junk(root / entry.path) else []
        elif name == _FOLDER:
            members, others = _members(root, entry.path)
            gone += members
            stays += others
    return Junk(tuple(gone), tuple(stays))


def remove_junk(root: Path, path: str) -> None:
    """Remove what `find_junk` found, a folder only while it is empty. Raises `WriteError`."""
    location = root / path
    try:
        location.rmdir() if path.endswith("/") else location.unlink()
    except OSError as error:
        message = f"{location}: cannot be removed: {reason_of(error)}"
        raise WriteError(message, "remove it by hand") from None


def _members(root: Path, path: str) -> tuple[list[str], list[str]]:
    """Return what goes of the folder ``path`` and of all below it, the innermost first, and what stays."""
    gone: list[str] = []
    stays: list[str] = []
    for folder, folders, files in os.walk(root / path, topdown=False):
        prefix = Path(folder).relative_to(root).as_posix() + "/"
        inside = [prefix + name for name in files]
        inside += [f"{prefix}{name}" for name in folders if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118
        junk = [name for name in sorted(inside) if _is_junk(root / name)]
        gone += junk
        stays += sorted(set(inside) - set(junk))
        if not any(name.startswith(prefix) for name in stays):
            gone.append(prefix)
    return gone, stays


def _is_junk(location: Path) -> bool:
    """Tell whether a file, which is no link, is what an operating system leaves."""
    if os.path.islink(location):  # noqa: PTH114  # has an answer also for what may not be looked at
        return False
    return location.name in _FILES or (location.name.startswith("._") and _is_apple(location))


def _lies_inside(root: Path, location: Path) -> bool:
    """Tell whether it is there, is no link, and no link on the way to it leads out of the widget."""
    top = os.path.realpath(root)
    real = os.path.realpath(location)
    try:
        mode = location.lstat().st_mode
    except (OSError, ValueError):
        return False
    return real.startswith(top.rstrip(os.sep) + os.sep) and not stat.S_ISLNK(mode)


def _is_apple(location: Path) -> bool:
    try:
        with location.open("rb") as file:
            return file.read(len(_APPLE_DOUBLE)) == _APPLE_DOUBLE
    except OSError:
        return False

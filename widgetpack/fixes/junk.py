"""What an operating system leaves in a folder: found by name, and by the bytes where a name alone could be anybody's."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.model import Tree

_FILES = frozenset({".DS_Store", "Thumbs.db"})
_FOLDER = "__MACOSX"
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
"""First bytes of a ``._`` file (RFC 1740, AppleDouble)."""


def find_junk(tree: Tree) -> tuple[str, ...]:
    """Return the files, and the folders with a closing slash, that nobody put there; what the config brings in stays."""
    return tuple(_junk(tree))


def _junk(tree: Tree) -> Iterator[str]:
    root = Path(tree.source)
    for entry in tree.entries:
        name = entry.path.rstrip("/").rpartition("/")[2]
        is_folder = entry.path.endswith("/")
        location = root / entry.path
        if entry.packed or not _lies_inside(root, location):
            continue
        if (name == _FOLDER) if is_folder else (name in _FILES or (name.startswith("._") and _is_apple(location))):
            yield entry.path


def remove_junk(root: Path, path: str) -> None:
    """Remove what `find_junk` found. Raises `WriteError`."""
    location = root / path
    try:
        shutil.rmtree(location) if path.endswith("/") else location.unlink()
    except OSError as error:
        message = f"{location}: cannot be removed: {(error.strerror or str(error)).lower()}"
        raise WriteError(message, "remove it by hand") from None


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

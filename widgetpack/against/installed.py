"""Whether the packages that are installed are those that a lock file names."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from widgetpack.native.packages import package_of, read_version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OF_NPM: Final = ("npm-shrinkwrap.json", "package-lock.json")
LOCKS: Final = (*_OF_NPM, "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb")
"""Lock files, by name; npm prefers its first."""


def are_those_of(lock: bytes, today: Path, files: Iterable[str]) -> bool:
    """Tell whether packages are the ones of a ``lock``, an earlier state of the file ``today``.

    ``files`` are absolute paths, with ``/``, within the packages in question. Of npm each version that is installed is compared; of others it is
    enough that the lock file is still the same.
    """
    entries = _entries(lock) if today.name in _OF_NPM else None
    if entries is None:
        try:
            return today.read_bytes() == lock
        except OSError:
            return False
    home = os.path.realpath(today.parent / "node_modules")  # which may be a link
    for _, folder in {package_of(file) for file in files}:
        entry = entries.get(f"node_modules/{os.path.relpath(folder, home)}".replace(os.sep, "/"))
        version = entry.get("version") if isinstance(entry, dict) else None
        if not version or version != read_version(folder):
            return False
    return True


def _entries(lock: bytes) -> dict[str, Any] | None:
    """Return what npm's lock file says of each folder; None for one of version 1, or of another form."""
    try:
        value = json.loads(lock)
    except (ValueError, RecursionError):
        return None
    entries = value.get("packages") if isinstance(value, dict) else None
    return entries if isinstance(entries, dict) else None

"""Putting a file on the disk in one step."""

from __future__ import annotations

import os
from pathlib import Path

from widgetpack.errors import WriteError, reason_of


def write_whole(target: Path, data: bytes, hint: str, mode: int | None = None) -> None:
    """Put ``data`` at ``target``: either the whole new file is there, or what was there before, untouched.

    A link as target stays, and what it points at is replaced; missing folders are made. ``mode`` is the file's mode where
    the usual one will not do. Raises `WriteError` with the reason and ``hint``, what the user can try.
    """
    where = Path(os.path.realpath(target))
    temporary = where.parent / f".widgetpack-{os.urandom(8).hex()}.tmp"  # hidden: neither packed nor watched
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(where)
        except BaseException:  # also Ctrl+C and SIGTERM: nothing half-written stays
            temporary.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message = f"{target}: cannot be written: {reason_of(error)}"
        raise WriteError(message, hint) from None


def leads_out(root: Path, place: Path) -> bool:
    """Tell whether ``place``, its links followed, lies elsewhere than in the folder ``root``."""
    return not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(root))

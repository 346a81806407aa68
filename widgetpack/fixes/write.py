"""From a plan to the disk: each file in one step, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.errors import WriteError, reason_of
from widgetpack.files.selection import read_regular
from widgetpack.files.writing import leads_out, write_whole
from widgetpack.model import MAX_FILE_BYTES

if TYPE_CHECKING:
    from widgetpack.fixes.base import Rename
    from widgetpack.fixes.rounds import Fixed, Plan

_STAYS = "the file is as it was; mend it by hand, or run --fix again once it can be written"


class Written(NamedTuple):
    """What came of a plan."""

    fixed: tuple[Fixed, ...]
    failures: tuple[WriteError, ...]


def write_plan(plan: Plan) -> Written:
    """Carry out a plan; a file that cannot be written, or has changed since it was read, keeps the others from nothing."""
    root = Path(plan.source)
    failures: dict[str, WriteError] = {}
    for rename in plan.renames:
        try:
            _rename(root, rename)
        except WriteError as error:
            failures[rename.target] = error
    for path in plan.changed:
        if _failure(failures, path) is None:
            try:
                _write(root, path, plan.before[path], plan.after[path])
            except WriteError as error:
                failures[path] = error
    fixed = [item for item in plan.fixed if _failure(failures, item.path) is None]
    return Written(tuple(sorted(fixed, key=lambda item: item.path)), tuple(failures.values()))


def _failure(failures: dict[str, WriteError], path: str) -> WriteError | None:
    """Return why a file, or the folder around it, could not be dealt with."""
    return next((error for name, error in failures.items() if path == name or path.startswith(name + "/")), None)


def _rename(root: Path, rename: Rename) -> None:
    old, new = root / rename.path, root / rename.target
    try:
        _refuse_outside(root, old.parent, old)
        if os.path.lexists(new) and not os.path.samefile(old, new):  # noqa: PTH121  # the same: a disk that ignores case
            message = f"{old}: cannot be renamed: {new.name} is there already"
            raise WriteError(message, "look at both, and keep one")
        old.rename(new)
    except OSError as error:
        message = f"{old}: cannot be renamed to {new.name}: {reason_of(error)}"
        raise WriteError(message, _STAYS) from None


def _write(root: Path, path: str, before: bytes, after: bytes) -> None:
    """Replace a file that still holds what was read; a link stays, and what it points at is replaced."""
    location = root / path
    _refuse_outside(root, location, location)
    try:
        now = read_regular(str(location), MAX_FILE_BYTES)
        mode = location.stat().st_mode
    except OSError as error:
        message = f"{location}: cannot be read again: {reason_of(error)}"
        raise WriteError(message, _STAYS) from None
    if now == after:
        return  # another name of a file that has been mended already
    if now != before:
        message = f"{location}: changed while it was being mended, and is left as it is now"
        raise WriteError(message, "run --fix again")
    if not mode & 0o222:
        message = f"{location}: cannot be written: it is read-only"
        raise WriteError(message, _STAYS)
    write_whole(location, after, _STAYS, stat.S_IMODE(mode))


def _refuse_outside(root: Path, place: Path, location: Path) -> None:
    if leads_out(root, place):
        message = f"{location}: leads out of the widget, and is left as it is"
        raise WriteError(message, "mend the file where it lies")

"""From files to the bytes of the zip, the same bytes every time, and from there to the disk in one step.

Habits taken from flit and hatchling: sorted names, a fixed time, fixed modes, a temporary file and a rename.
"""

from __future__ import annotations

import hashlib
import io
import os
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from widgetpack.errors import WriteError
from widgetpack.files.writing import write_whole
from widgetpack.model import Artifact

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH_FIRST = 315_532_800
"""1980-01-01 00:00:00 UTC, the first moment that a zip can name and the default of every entry."""
EPOCH_LAST = 4_354_819_198
"""2107-12-31 23:59:58 UTC, the last one."""

_STORED = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".avif",
    ".woff",
    ".woff2",
    ".mp3",
    ".m4a",
    ".ogg",
    ".mp4",
    ".webm",
)
"""Already compressed: deflating gains nothing and costs 18 ms a megabyte."""

_LEVEL = 6
"""Of deflate: twice as fast as 9 on scripts and texts, for less than one percent more bytes."""

_MODE = 0o100644
_UNIX = 3


def epoch(value: str | None) -> int:
    """Turn ``SOURCE_DATE_EPOCH`` into seconds that a zip can name: clamped to 1980..2107, garbage means 1980."""
    try:
        seconds = int(value or "")
    except ValueError:
        return EPOCH_FIRST
    return min(max(seconds, EPOCH_FIRST), EPOCH_LAST)


def zip_files(files: Mapping[str, bytes], seconds: int, compression: Literal["deflate", "store"]) -> bytes:
    """Return the archive of ``files``: same files, same bytes.

    ``seconds`` is the time of every entry (UTC, see `epoch`). No folder entries, no extra fields, ``/`` separators,
    mode 0644, zip64 only where the format needs it.
    """
    moment = time.gmtime(seconds)[:6]
    buffer = io.BytesIO()
    archive = _Archive(buffer, "w")
    for path in sorted(files, key=str.encode):
        info = zipfile.ZipInfo(path, moment)
        info.create_system = _UNIX  # else it names the machine that built
        info.external_attr = _MODE << 16
        stored = compression == "store" or path.lower().endswith(_STORED)
        method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        archive.writestr(info, files[path], method, None if stored else _LEVEL)
    archive.close()
    return buffer.getvalue()


class _Archive(zipfile.ZipFile):
    """An archive that may be dropped halfway, on Ctrl+C: there is only memory to give back.

    Where it is halfway through an entry, the library's own finalizer raises, and so does the end of a `with`.
    """

    def __del__(self) -> None:
        """Close nothing."""


def contents_digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 (hex) over the sorted ``path NUL sha256 LF`` lines of ``files``."""
    digest = hashlib.sha256()
    for path in sorted(files, key=str.encode):
        digest.update(path.encode() + b"\0" + hashlib.sha256(files[path]).hexdigest().encode() + b"\n")
    return digest.hexdigest()


def make_artifact(
    files: Mapping[str, bytes], version: str, seconds: int, compression: Literal["deflate", "store"]
) -> Artifact:
    """Zip ``files`` and state what a user wants to know of the result."""
    data = zip_files(files, seconds, compression)
    return Artifact(data, len(data), version, len(files), hashlib.sha256(data).hexdigest(), contents_digest(files))


def write_artifact(artifact: Artifact, target: Path) -> None:
    """Put the archive at ``target`` in one step: either the whole new zip is there, or the old one untouched.

    A link as target stays, and what it points at is replaced. Raises `WriteError` with the reason: a full disk, a
    read-only folder, a folder, a device or a file that is no zip in the way.
    """
    _refuse_other_things(Path(os.path.realpath(target)), target)
    write_whole(target, artifact.data, "nothing was changed; name another place with -o")


def _refuse_other_things(where: Path, target: Path) -> None:
    """Raise where the target is something that a zip must not replace: a slip of the hand would cost a source file."""
    hint = "name a file with -o, or `output` in the config"
    # os.path's questions have an answer also for what may not be looked at; the writing then says why.
    if os.path.isdir(where):  # noqa: PTH112
        message = f"{target}: a folder is in the way of the zip"
        raise WriteError(message, hint)
    if os.path.exists(where) and not os.path.isfile(where):  # noqa: PTH110, PTH113
        message = f"{target}: a device, pipe or socket is in the way of the zip"
        raise WriteError(message, hint)
    if os.path.isfile(where) and not _may_be_replaced(where):  # noqa: PTH113
        message = f"{target}: exists and is no zip; it is left as it is"
        raise WriteError(message, hint)


def _may_be_replaced(where: Path) -> bool:
    try:
        with where.open("rb") as file:
            return file.read(2) in (b"", b"PK")
    except OSError:  # may be written all the same: what counts is the folder
        return True

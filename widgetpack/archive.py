"""From files to the bytes of the zip, the same bytes every time, and from there to the disk in one step.

Habits taken from flit and hatchling: sorted names, a fixed time, fixed modes, a temporary file and a rename. The bytes are those of
Python's zipfile, which is not used: Ctrl+C in the middle of an entry makes its finalizers raise and complain.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
import zlib
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
"""Else the archive would name the system that built."""
_VERSION = 20
"""2.0: deflate."""
_ZIP64 = 45
_STORE, _DEFLATE = 0, 8
_UTF8 = 0x800
"""The flag of a name that is not plain ASCII."""
_MOST_ENTRIES = 0xFFFF


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
    mode 0644, zip64 only where there are more entries than the format can count. No file, and not all of them together, may
    reach 4 GiB (`widgetpack.model.MAX_TREE_BYTES` is less). Source: PKWARE's APPNOTE, 4.3.
    """
    when = _moment(seconds)
    pieces: list[bytes] = []
    table: list[bytes] = []
    offset = 0
    for path in sorted(files, key=str.encode):
        data, name = files[path], path.encode()
        packed = data if compression == "store" or path.lower().endswith(_STORED) else _deflated(data)
        method = _DEFLATE if packed is not data else _STORE
        sizes = (zlib.crc32(data), len(packed), len(data), len(name), 0)
        # Needed version, flags, method, time, date, CRC-32, both sizes, lengths of name and extra field.
        entry = struct.pack("<5H3L2H", _VERSION, 0 if path.isascii() else _UTF8, method, *when, *sizes)
        pieces += (b"PK\3\4", entry, name, packed)
        # Length of comment, disk, kind of contents, mode, offset.
        table += (b"PK\1\2", bytes((_VERSION, _UNIX)), entry, struct.pack("<3H2L", 0, 0, 0, _MODE << 16, offset), name)
        offset += 4 + len(entry) + len(name) + len(packed)
    return b"".join((*pieces, *table, _end(len(files), sum(map(len, table)), offset)))


def _deflated(data: bytes) -> bytes:
    """Return a raw stream, without zlib's own header."""
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def _moment(seconds: int) -> tuple[int, int]:
    """Return time and date as a zip names them: in steps of two seconds, in years since 1980."""
    year, month, day, hour, minute, second = time.gmtime(seconds)[:6]
    return hour << 11 | minute << 5 | second // 2, year - 1980 << 9 | month << 5 | day


def _end(count: int, size: int, offset: int) -> bytes:
    """Return what stands behind the table of contents: how many entries, its bytes, where it begins."""
    records = b""
    if count > _MOST_ENTRIES:
        # Its own length from here on, who made it, who can read it, disks, counts, size, offset; then where this record is.
        records = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, _ZIP64, _ZIP64, 0, 0, count, count, size, offset)
        records += struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
        count = _MOST_ENTRIES
    return records + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


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

"""From the bytes of a zip to a `Tree`, with every oddity of the archive kept as a fact."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import NamedTuple

from widgetpack.model import Anomaly, Entry, Tree

MAX_ENTRIES = 20_000
MAX_FILE_BYTES = 50_000_000
MAX_TREE_BYTES = 200_000_000
"""More is not unpacked: the largest real widget unpacks to 6.6 MB."""

_ENCRYPTED = 0x1


class _Reading(NamedTuple):
    files: dict[str, bytes]
    entries: list[Entry]
    anomalies: list[Anomaly]


def read_zip(source: str, data: bytes) -> Tree:
    """Unpack ``data`` in memory; never raises because of what the archive holds.

    What cannot be unpacked is an `Anomaly`: ``damaged``, ``encrypted``, ``bomb``, ``duplicate``, ``backslash``,
    ``absolute``, ``parent``, ``symlink``, ``folder-entry`` is none.
    """
    reading = _Reading({}, [], [])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _read_members(archive, reading)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        reading.anomalies.append(Anomaly("damaged", "", _why(data, error)))
    files = dict(sorted(reading.files.items()))
    return Tree(source, files, {}, tuple(reading.entries), tuple(reading.anomalies), is_archive=True)


def _why(data: bytes, error: Exception) -> str:
    if not data:
        return "an empty file, not a zip"
    if not data.startswith((b"PK\3\4", b"PK\5\6")):
        return "not a zip"
    if b"PK\5\6" not in data:
        return "a truncated zip: its table of contents is missing"
    return f"a damaged zip: {str(error).rstrip('.') or type(error).__name__}"


def _read_members(archive: zipfile.ZipFile, reading: _Reading) -> None:
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_ENTRIES or total > MAX_TREE_BYTES:
        detail = f"{len(infos):,} entries of {total:,} bytes; at most {MAX_ENTRIES:,} and {MAX_TREE_BYTES:,} are read"
        reading.anomalies.append(Anomaly("bomb", "", detail))
        return
    seen: set[str] = set()
    for info in infos:
        if info.is_dir():
            continue
        name = info.filename
        for kind in _oddities(info, seen):
            reading.anomalies.append(Anomaly(kind, name))
        seen.add(name)
        fault, content = _unpack(archive, info)
        if fault is not None:
            reading.anomalies.append(fault)
        elif not info.flag_bits & _ENCRYPTED:
            reading.files[name] = content
        reading.entries.append(Entry(name, info.file_size, packed=True, reason="in the archive"))


def _oddities(info: zipfile.ZipInfo, seen: set[str]) -> list[str]:
    name = info.filename
    checks = {
        "duplicate": name in seen,
        "backslash": "\\" in name,
        "absolute": name.startswith("/") or name[1:2] == ":",
        "parent": ".." in name.replace("\\", "/").split("/"),
        "encrypted": bool(info.flag_bits & _ENCRYPTED),
        "symlink": stat.S_ISLNK(info.external_attr >> 16),
    }
    return [kind for kind, holds in checks.items() if holds]


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[Anomaly | None, bytes]:
    if info.flag_bits & _ENCRYPTED:
        return None, b""
    if info.file_size > MAX_FILE_BYTES:
        return Anomaly("bomb", info.filename, f"unpacks to {info.file_size:,} bytes; at most {MAX_FILE_BYTES:,} are read"), b""
    try:
        with archive.open(info) as member:
            return None, member.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        return Anomaly("damaged", info.filename, str(error).rstrip(".") or type(error).__name__), b""

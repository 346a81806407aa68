"""From the bytes of a zip to a `Tree`, with every oddity of the archive kept as a fact."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import NamedTuple

from widgetpack.model import MAX_FILE_BYTES, MAX_TREE_BYTES, Anomaly, Entry, Tree

MAX_ENTRIES = 20_000

_ENCRYPTED = 0x1
_UTF8 = 0x800
_MEMBER, _ROW, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
"""Where a member starts, where a row of the table of contents, and its end."""
_METHODS = {6: "implode", 9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstandard", 95: "xz", 98: "ppmd"}


class _Reading(NamedTuple):
    files: dict[str, bytes]
    entries: list[Entry]
    anomalies: list[Anomaly]


def read_zip(source: str, data: bytes) -> Tree:
    """Unpack ``data`` in memory; never raises because of what the archive holds.

    Every oddity is an `Anomaly`: ``damaged`` (the archive, or one entry, cannot be unpacked), ``bomb``, ``encrypted``,
    ``duplicate``, ``backslash``, ``absolute``, ``parent`` (``..``), ``symlink``, ``name`` (not UTF-8). Entries of
    folders are no files. Zip format: APPNOTE.TXT of PKWARE.
    """
    reading = _Reading({}, [], [])
    # Before the table of contents is read: that alone costs gigabytes where it has millions of rows.
    count = data.count(_ROW)
    if count > MAX_ENTRIES:
        reading.anomalies.append(Anomaly("bomb", "", f"{count:,} entries; at most {MAX_ENTRIES:,} are read"))
    else:
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:  # noqa: BLE001  # on hostile bytes zipfile raises many types; the fact is the same
            reading.anomalies.append(Anomaly("damaged", "", _why(data, error)))
        else:
            with archive:
                _read_members(archive, reading)
    files = dict(sorted(reading.files.items()))
    return Tree(source, files, {}, tuple(reading.entries), tuple(reading.anomalies), is_archive=True)


def _why(data: bytes, error: Exception) -> str:
    if not data:
        return "an empty file, not a zip"
    if _END in data:
        return f"a damaged zip: {_words(error)}"
    if data.startswith(_MEMBER):
        return "a truncated zip: its table of contents is missing"
    return "not a zip"


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _read_members(archive: zipfile.ZipFile, reading: _Reading) -> None:
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if total > MAX_TREE_BYTES:
        detail = f"unpacks to {total:,} bytes; at most {MAX_TREE_BYTES:,} are read"
        reading.anomalies.append(Anomaly("bomb", "", detail))
        return
    seen: set[str] = set()
    for info in infos:
        name = _name(info)
        reading.anomalies.extend(Anomaly(kind, name) for kind in _oddities(info, name, seen))
        if not name or name.endswith("/"):
            continue
        seen.add(name)
        fault, content = _unpack(archive, info, name)
        if fault is not None:
            reading.anomalies.append(fault)
        elif content is not None:
            # Under the name that was meant: one rule names the back-slashes, and all others judge what the file holds.
            reading.files[name.replace("\\", "/")] = content
        reading.entries.append(Entry(name, info.file_size, packed=True, reason="in the archive"))


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name as written: macOS writes UTF-8 without the flag that says so, and zipfile then reads cp437."""
    name = info.orig_filename.partition("\0")[0]
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode()
    except ValueError:
        return name


def _oddities(info: zipfile.ZipInfo, name: str, seen: set[str]) -> list[str]:
    slashed = name.replace("\\", "/")
    checks = {
        "duplicate": name in seen,
        "backslash": "\\" in name,
        "absolute": slashed.startswith("/") or (name[1:2] == ":" and name[0].isalpha()),
        "parent": ".." in slashed.split("/"),
        "encrypted": bool(info.flag_bits & _ENCRYPTED),
        "symlink": stat.S_ISLNK(info.external_attr >> 16),
        "name": not name or (not (info.flag_bits & _UTF8) and not name.isascii() and name == info.orig_filename),
    }
    return [kind for kind, holds in checks.items() if holds]


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> tuple[Anomaly | None, bytes | None]:
    """Return what cannot be, or the content, or neither where an oddity has been noted that hides it."""
    if info.flag_bits & _ENCRYPTED:
        return None, None
    refusal = _refusal(info, name)
    if refusal is not None:
        return refusal, None
    try:
        with archive.open(info) as member:
            content = member.read(info.file_size + 1)
    except Exception as error:  # noqa: BLE001  # zipfile and zlib raise many types; the fact is the same
        return Anomaly("damaged", name, _words(error)), None
    if len(content) < info.file_size:
        return Anomaly(
            "damaged", name, f"{len(content):,} bytes, not the {info.file_size:,} of the table of contents"
        ), None
    return None, content


def _refusal(info: zipfile.ZipInfo, name: str) -> Anomaly | None:
    """Say why an entry is not even tried."""
    if "\0" in info.orig_filename:
        return Anomaly("damaged", name, "a NUL character in the name")
    if info.file_size > MAX_FILE_BYTES:
        detail = f"unpacks to {info.file_size:,} bytes; at most {MAX_FILE_BYTES:,} are read"
        return Anomaly("bomb", name, detail)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        method = f"{info.compress_type} ({_METHODS.get(info.compress_type, 'unknown')})"
        return Anomaly("damaged", name, f"compressed by method {method}; a widget is stored or deflated")
    return None

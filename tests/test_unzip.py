"""Zips as the world makes them, and as nobody should: read in memory, every oddity a fact."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from builders import archive, brief, findings, widget
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.files.unzip import MAX_ENTRIES, read_zip
from widgetpack.model import MAX_FILE_BYTES, MAX_TREE_BYTES


def by_hand(*members: dict[str, Any], comment: bytes = b"", count: int | None = None, prefix: bytes = b"") -> bytes:
    """Return a zip written byte by byte (APPNOTE 4.3): each field may lie."""
    body, table = prefix, b""
    for member in members:
        name, data = member.get("name", b"a.js"), member.get("data", b"")
        method, flags = member.get("method", 0), member.get("flags", 0)
        packed = member.get("packed", data)
        crc, size = member.get("crc", zlib.crc32(data)), member.get("size", len(data))
        fields = struct.pack("<5H3I", 20, flags, method, 0, 0x21, crc, member.get("packed_size", len(packed)), size)
        table += (
            b"PK\1\2"
            + struct.pack("<H", 0x314)
            + fields
            + struct.pack("<5H2I", len(name), 0, 0, 0, 0, member.get("mode", 0o100644) << 16, len(body))
        )
        table += name
        local = member.get("local", name)
        body += b"PK\3\4" + fields + struct.pack("<2H", len(local), 0) + local + packed
    total = len(members) if count is None else count
    return (
        body
        + table
        + b"PK\5\6"
        + struct.pack("<4H2IH", 0, 0, total, total, len(table), len(body), len(comment))
        + comment
    )


def anomalies(data: bytes) -> list[tuple[str, str, str]]:
    return [tuple(item) for item in read_zip("w.zip", data).anomalies]  # type: ignore[misc]


def read(data: bytes) -> tuple[dict[str, bytes], list[tuple[str, str, str]]]:
    return dict(read_zip("w.zip", data).files), anomalies(data)


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


FILES = {"lib/b.js": b"b" * 500, "a.css": b"a", "empty.txt": b""}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_good_zip_gives_its_files_sorted(method: int) -> None:
    tree = read_zip("w.zip", archive(FILES, compression=method))
    assert (list(tree.files.items()), tree.anomalies, tree.is_archive) == (sorted(FILES.items()), (), True)
    assert [(entry.path, entry.size, entry.packed) for entry in tree.entries] == [
        (path, len(data), True) for path, data in FILES.items()
    ]


def test_a_zip_by_hand_reads_as_one_of_python() -> None:
    assert read(by_hand({"data": b"x" * 99, "packed": deflated(b"x" * 99), "method": 8})) == ({"a.js": b"x" * 99}, [])


def test_zip64_a_comment_and_data_before_do_no_harm() -> None:
    buffer = io.BytesIO(b"#!/bin/sh\nexit\n")
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "a") as target:
        with target.open("a.css", "w", force_zip64=True) as member:
            member.write(b"a")
        target.comment = b"made by hand"
    assert read(buffer.getvalue()) == ({"a.css": b"a"}, [])


def test_sizes_behind_the_data_do_no_harm() -> None:
    class Pipe(io.RawIOBase):
        data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("a.css", b"a" * 100)
    assert read(pipe.data) == ({"a.css": b"a" * 100}, [])


def test_entries_of_folders_are_no_files() -> None:
    assert read(archive({"images/": b"", "images/a.css": b""})) == ({"images/a.css": b""}, [])


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "an empty file, not a zip"),
        (b"\0" * 100, "not a zip"),
        (b"Rar!\x1a\7\0", "not a zip"),
        (archive(FILES)[:60], "a truncated zip: its table of contents is missing"),
        (archive(FILES)[:-30], "a truncated zip: its table of contents is missing"),
        (archive(FILES)[:-1], "a damaged zip: File is not a zip file"),
    ],
)
def test_what_is_no_zip_or_cut_off_is_damaged(data: bytes, detail: str) -> None:
    assert read(data) == ({}, [("damaged", "", detail)])


def test_a_zip_that_lost_its_start_keeps_what_is_left() -> None:
    files, found = read(archive(FILES)[20:])
    assert (files, [item[:2] for item in found]) == ({"a.css": b"a", "empty.txt": b""}, [("damaged", "lib/b.js")])


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"name": b"../a.js"}, [("parent", "../a.js", "")]),
        ({"name": b"x/../../a.js"}, [("parent", "x/../../a.js", "")]),
        ({"name": b"..\\a.js"}, [("backslash", "..\\a.js", ""), ("parent", "..\\a.js", "")]),
        ({"name": b"../"}, [("parent", "../", "")]),
        ({"name": b"/etc/a.js"}, [("absolute", "/etc/a.js", "")]),
        ({"name": b"C:\\a.js"}, [("backslash", "C:\\a.js", ""), ("absolute", "C:\\a.js", "")]),
        ({"name": b"c:a.js"}, [("absolute", "c:a.js", "")]),
        ({"name": b"\\\\host\\a.js"}, [("backslash", "\\\\host\\a.js", ""), ("absolute", "\\\\host\\a.js", "")]),
        ({"name": b"lib\\a.js"}, [("backslash", "lib\\a.js", "")]),
        ({"name": b"1:a..js"}, []),
        ({"mode": 0o120777, "data": b"b.js"}, [("symlink", "a.js", "")]),
        ({"flags": 1}, [("encrypted", "a.js", "")]),
        ({"name": b"a.js\0.png"}, [("damaged", "a.js", "a NUL character in the name")]),
        ({"name": "ñ.js".encode(), "flags": 0x800}, []),
        ({"name": "ñ.js".encode()}, []),
        ({"name": b"\xa4.js"}, [("name", "ñ.js", "")]),
        ({"data": b"abc", "crc": 7}, [("damaged", "a.js", "Bad CRC-32 for file 'a.js'")]),
        ({"local": b"b.js"}, [("damaged", "a.js", "File name in directory 'a.js' and header b'b.js' differ")]),
        ({"method": 12}, [("damaged", "a.js", "compressed by method 12 (bzip2); a widget is stored or deflated")]),
        (
            {"method": 14, "packed": b"\xff" * 20},
            [("damaged", "a.js", "compressed by method 14 (lzma); a widget is stored or deflated")],
        ),
        ({"method": 77}, [("damaged", "a.js", "compressed by method 77 (unknown); a widget is stored or deflated")]),
        ({"flags": 0x20}, [("damaged", "a.js", "compressed patched data (flag bit 5)")]),
        ({"flags": 0x40}, [("damaged", "a.js", "strong encryption (flag bit 6)")]),
        ({"size": MAX_FILE_BYTES + 1}, [("bomb", "a.js", "unpacks to 50,000,001 bytes; at most 50,000,000 are read")]),
        ({"size": 2**32 - 2}, [("bomb", "", "unpacks to 4,294,967,294 bytes; at most 200,000,000 are read")]),
        (
            {"data": bytes(1000), "packed": deflated(bytes(9_000_000)), "method": 8},
            [],
        ),
        (
            {"data": b"x", "packed": deflated(b"x"), "method": 8, "size": 100, "crc": zlib.crc32(b"x")},
            [("damaged", "a.js", "1 bytes, not the 100 of the table of contents")],
        ),
        (
            {"data": b"xyz", "packed": b"\7\7\7", "method": 8},
            [("damaged", "a.js", "Error -3 while decompressing data: invalid block type")],
        ),
    ],
)
def test_an_odd_entry_is_a_fact(member: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert anomalies(by_hand(member)) == expected


def test_a_name_that_macos_wrote_is_read_as_utf8() -> None:
    assert read(by_hand({"name": "i18n/español.json".encode()})) == ({"i18n/español.json": b""}, [])


def test_a_lying_size_unpacks_no_more_than_it_says() -> None:
    assert read(by_hand({"data": bytes(1000), "packed": deflated(bytes(9_000_000)), "method": 8})) == (
        {"a.js": bytes(1000)},
        [],
    )


def test_of_two_entries_with_one_name_the_last_is_kept() -> None:
    data = by_hand({"data": b"1"}, {"data": b"2"})
    assert read(data) == ({"a.js": b"2"}, [("duplicate", "a.js", "")])
    assert [entry.path for entry in read_zip("w.zip", data).entries] == ["a.js", "a.js"]


def test_an_encrypted_or_damaged_entry_leaves_the_others() -> None:
    data = by_hand({"flags": 1}, {"name": b"b.js", "crc": 1}, {"name": b"c.js", "data": b"c"})
    assert dict(read_zip("w.zip", data).files) == {"c.js": b"c"}


def test_many_small_entries_are_a_bomb_before_they_are_listed() -> None:
    data = by_hand(*[{"name": b"%d" % index} for index in range(MAX_ENTRIES + 1)])
    assert read(data) == ({}, [("bomb", "", "20,001 entries; at most 20,000 are read")])


def test_many_large_entries_are_a_bomb() -> None:
    many = [{"name": b"%d" % index, "data": b"", "size": MAX_FILE_BYTES, "packed": b"x"} for index in range(5)]
    assert read(by_hand(*many)) == (
        {},
        [("bomb", "", f"unpacks to 250,000,000 bytes; at most {MAX_TREE_BYTES:,} are read")],
    )


def test_a_wrong_number_of_entries_does_no_harm() -> None:
    assert read(by_hand({"data": b"1"}, count=60_000)) == ({"a.js": b"1"}, [])


def test_a_folder_around_the_widget_is_named() -> None:
    tree = read_zip("w.zip", archive({f"my widget/{path}": data for path, data in widget().items()}))
    assert brief(findings(tree))[0] == "M01 error :1:1 no manifest.json at the root, only my widget/manifest.json"


@given(st.binary())
def test_no_bytes_make_it_raise(data: bytes) -> None:
    assert {item.kind for item in read_zip("w.zip", data).anomalies} == {"damaged"}


@given(
    st.sampled_from([archive(FILES), archive(FILES, compression=zipfile.ZIP_DEFLATED), by_hand({}, {"name": b"b"})]),
    st.data(),
)
def test_no_changed_bytes_make_it_raise(whole: bytes, data: st.DataObject) -> None:
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 5))):
        changed[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    tree = read_zip("w.zip", bytes(changed[: data.draw(st.integers(0, len(whole)))]))
    assert list(tree.files) == sorted(tree.files)
    assert all(findings(tree))

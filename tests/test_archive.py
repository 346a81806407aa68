"""The zip: the same bytes whatever the machine, and the old one intact whatever goes wrong."""

from __future__ import annotations

import hashlib
import io
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from builders import Files, picture, widget
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.archive import EPOCH_FIRST, EPOCH_LAST, contents_digest, epoch, make_artifact, write_artifact, zip_files
from widgetpack.errors import WriteError
from widgetpack.files.unzip import read_zip
from widgetpack.model import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES: Files = {
    **widget(),
    "images/a.JPG": picture(3, 3, "JPEG"),
    "images/b.gif": picture(3, 3, "GIF"),
    "i18n/ñ.json": b"{}",
    "z.css": b"",
}
STAYS = "nothing was changed; name another place with -o"
REFUSED = "name a file with -o, or `output` in the config"


def artifact(files: Files | None = None) -> Artifact:
    return make_artifact(files or FILES, "1.0.0", EPOCH_FIRST, "deflate")


def refusal(target: Path, made: Artifact | None = None) -> tuple[str, str]:
    with pytest.raises(WriteError) as caught:
        write_artifact(made or artifact(), target)
    return str(caught.value), caught.value.hint


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@given(st.permutations(list(FILES)))
def test_the_order_of_the_files_changes_no_byte(order: list[str]) -> None:
    shuffled = {path: FILES[path] for path in order}
    assert artifact(shuffled) == artifact()


def test_zone_locale_clock_and_hash_seed_change_no_byte(tmp_path: Path) -> None:
    code = (
        "import hashlib, locale, sys, time; sys.path.insert(0, sys.argv[1]); locale.setlocale(locale.LC_ALL, '');"
        "time.time = lambda: 2e9;"
        "from builders import widget; from widgetpack.archive import zip_files;"
        "print(hashlib.sha256(zip_files(widget(), 1700000000, 'deflate')).hexdigest())"
    )
    settings = [
        {},
        {"TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "POSIX", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
    ]
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, **setting},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for setting in settings
    }
    assert digests == {hashlib.sha256(zip_files(widget(), 1_700_000_000, "deflate")).hexdigest() + "\n"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, EPOCH_FIRST),
        ("", EPOCH_FIRST),
        ("0", EPOCH_FIRST),
        ("-1", EPOCH_FIRST),
        ("yesterday", EPOCH_FIRST),
        ("1.5", EPOCH_FIRST),
        (str(EPOCH_FIRST - 1), EPOCH_FIRST),
        (str(EPOCH_FIRST), EPOCH_FIRST),
        ("1700000000", 1_700_000_000),
        (str(EPOCH_LAST), EPOCH_LAST),
        (str(EPOCH_LAST + 2), EPOCH_LAST),
        ("9" * 30, EPOCH_LAST),
        ("9" * 5000, EPOCH_FIRST),
    ],
)
def test_the_epoch_is_clamped_to_what_a_zip_can_name(value: str | None, seconds: int) -> None:
    assert epoch(value) == seconds


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (EPOCH_FIRST, (1980, 1, 1, 0, 0, 0)),
        (1_700_000_000, (2023, 11, 14, 22, 13, 20)),
        (1_700_000_001, (2023, 11, 14, 22, 13, 20)),
        (EPOCH_LAST, (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_the_time_of_every_entry_is_the_epoch_in_utc(seconds: int, moment: tuple[int, ...]) -> None:
    with zipfile.ZipFile(io.BytesIO(zip_files(FILES, seconds, "deflate"))) as made:
        assert {info.date_time for info in made.infolist()} == {moment}


def test_each_entry_has_the_fixed_fields_and_nothing_more() -> None:
    with zipfile.ZipFile(io.BytesIO(artifact().data)) as made:
        infos = made.infolist()
        assert made.comment == b""
    assert [info.filename for info in infos] == sorted(FILES)
    for info in infos:
        fields = (info.create_system, info.create_version, info.extract_version, info.external_attr, info.internal_attr)
        assert (info.filename, *fields) == (info.filename, 3, 20, 20, 0o100644 << 16, 0)
        assert (info.filename, info.extra, info.comment) == (info.filename, b"", b"")
        assert (info.filename, info.flag_bits) == (info.filename, 0 if info.filename.isascii() else 0x800)
        stored = info.filename.lower().endswith((".png", ".jpg", ".gif"))
        assert (info.filename, info.compress_type) == (
            info.filename,
            zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED,
        )


def test_local_headers_say_the_same_as_the_table_of_contents() -> None:
    data = artifact().data
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        for info in made.infolist():
            header = struct.unpack_from("<4s5H3I2H", data, info.header_offset)
            assert header == (
                b"PK\3\4", 20, info.flag_bits, info.compress_type, 0, 0x21,
                info.CRC, info.compress_size, info.file_size, len(info.filename.encode()), 0,
            )  # fmt: skip


def by_the_library(files: Files, seconds: int, compression: Literal["deflate", "store"]) -> bytes:
    """Return what Python's zipfile makes of the same files, fields and methods."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for path in sorted(files, key=str.encode):
            info = zipfile.ZipInfo(path, time.gmtime(seconds)[:6])
            info.create_system, info.external_attr = 3, 0o100644 << 16
            stored = compression == "store" or path.lower().endswith((".png", ".jpg", ".gif"))
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            made.writestr(info, files[path], compresslevel=6)
    return buffer.getvalue()


@given(
    st.dictionaries(
        st.from_regex(r"[a-z\u00f1\u4e2d/]{1,9}\.(js|PNG|gif|json)", fullmatch=True), st.binary(max_size=99)
    ),
    st.integers(EPOCH_FIRST, EPOCH_LAST),
    st.sampled_from(["deflate", "store"]),
)
def test_every_byte_is_that_of_the_standard_library(
    files: Files, seconds: int, compression: Literal["deflate", "store"]
) -> None:
    assert zip_files(files, seconds, compression) == by_the_library(files, seconds, compression)


@pytest.mark.parametrize("count", [65_535, 65_536])
def test_more_entries_than_the_format_can_count_need_zip64(count: int) -> None:
    files = {f"{number}.js": b"" for number in range(count)}
    made = zip_files(files, EPOCH_FIRST, "store")
    assert made == by_the_library(files, EPOCH_FIRST, "store")
    assert (b"PK\6\6" in made) == (count > 65_535)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert sorted(archive.namelist()) == sorted(files)


def test_store_packs_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_files(FILES, EPOCH_FIRST, "store"))) as made:
        assert {info.compress_type for info in made.infolist()} == {zipfile.ZIP_STORED}


def test_stored_archives_have_these_bytes_on_every_machine() -> None:
    made = zip_files({"b.js": b"1", "a.png": b"2"}, EPOCH_FIRST, "store")
    assert made.hex() == (
        "504b0304140000000000000021000dbed51a010000000100000005000000612e706e6732"
        "504b030414000000000000002100b7efdc83010000000100000004000000622e6a7331"
        "504b01021403140000000000000021000dbed51a0100000001000000050000000000000000000000a48100000000612e706e67"
        "504b0102140314000000000000002100b7efdc830100000001000000040000000000000000000000a48124000000622e6a73"
        "504b0506000000000200020065000000470000000000"
    )  # fmt: skip


def test_python_and_our_reader_get_the_files_back() -> None:
    data = artifact().data
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        assert {name: made.read(name) for name in made.namelist()} == FILES
    tree = read_zip("w.zip", data)
    assert (tree.files, tree.anomalies) == (FILES, ())


@pytest.mark.skipif(not shutil.which("unzip") and not os.environ.get("CI"), reason="unzip is not installed")
def test_unzip_accepts_it(tmp_path: Path) -> None:
    target = tmp_path / "w.zip"
    write_artifact(artifact(), target)
    test = subprocess.run(["unzip", "-t", target], capture_output=True, text=True, check=True)
    assert test.stdout.splitlines()[-1] == f"No errors detected in compressed data of {target}."
    listing = subprocess.run(["unzip", "-Z", target], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [row.split()[:2] + row.split()[6:8] for row in listing[2:-1]]
    assert rows == [["-rw-r--r--", "2.0", "80-Jan-01", "00:00"]] * len(FILES)


def test_the_artifact_states_its_own_facts() -> None:
    made = artifact()
    assert made == Artifact(
        made.data, len(made.data), "1.0.0", len(FILES), hashlib.sha256(made.data).hexdigest(), contents_digest(FILES)
    )


def test_the_digest_of_the_contents_is_as_documented() -> None:
    line = (
        b"a\0"
        + hashlib.sha256(b"1").hexdigest().encode()
        + b"\n"
        + b"b\0"
        + hashlib.sha256(b"").hexdigest().encode()
        + b"\n"
    )
    assert contents_digest({"b": b"", "a": b"1"}) == hashlib.sha256(line).hexdigest()


def test_a_new_zip_is_written_with_its_folders_and_for_everyone_to_read(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write_artifact(artifact(), tmp_path / "a" / "b" / "w.zip")
    finally:
        os.umask(old)
    assert names(tmp_path / "a" / "b") == ["w.zip"]
    assert (tmp_path / "a" / "b" / "w.zip").read_bytes() == artifact().data
    assert (tmp_path / "a" / "b" / "w.zip").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("old", [b"", b"PK\3\4 old"])
def test_an_old_zip_or_an_empty_file_is_replaced(tmp_path: Path, old: bytes) -> None:
    (tmp_path / "w.zip").write_bytes(old)
    write_artifact(artifact(), tmp_path / "w.zip")
    assert (tmp_path / "w.zip").read_bytes() == artifact().data


def test_a_name_of_255_bytes_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("w" * 251 + ".zip")
    write_artifact(artifact(), target)
    assert target.read_bytes() == artifact().data


def test_a_folder_in_the_way_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "w.zip").mkdir()
    assert refusal(tmp_path / "w.zip") == (f"{tmp_path}/w.zip: a folder is in the way of the zip", REFUSED)
    assert names(tmp_path) == ["w.zip"]


def test_a_source_file_in_the_way_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "script.js").write_bytes(b"define([])")
    assert refusal(tmp_path / "script.js") == (
        f"{tmp_path}/script.js: exists and is no zip; it is left as it is",
        REFUSED,
    )
    assert (tmp_path / "script.js").read_bytes() == b"define([])"


def test_a_pipe_in_the_way_is_left_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "w.zip")
    assert refusal(tmp_path / "w.zip") == (
        f"{tmp_path}/w.zip: a device, pipe or socket is in the way of the zip",
        REFUSED,
    )
    assert (tmp_path / "w.zip").is_fifo()


def test_a_device_in_the_way_is_left_as_it_is() -> None:
    assert refusal(Path("/dev/null")) == ("/dev/null: a device, pipe or socket is in the way of the zip", REFUSED)
    assert Path("/dev/null").is_char_device()


def test_a_link_as_target_stays_and_what_it_points_at_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.zip").write_bytes(b"PK old")
    (tmp_path / "w.zip").symlink_to("real/x.zip")
    write_artifact(artifact(), tmp_path / "w.zip")
    assert (tmp_path / "w.zip").readlink() == Path("real/x.zip")
    assert (tmp_path / "real" / "x.zip").read_bytes() == artifact().data
    assert (names(tmp_path), names(tmp_path / "real")) == (["real", "w.zip"], ["x.zip"])


def test_a_broken_link_as_target_gets_what_it_points_at(tmp_path: Path) -> None:
    (tmp_path / "w.zip").symlink_to("gone/x.zip")
    write_artifact(artifact(), tmp_path / "w.zip")
    assert (tmp_path / "gone" / "x.zip").read_bytes() == artifact().data


def test_a_file_where_a_folder_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert refusal(tmp_path / "a" / "w.zip") == (f"{tmp_path}/a/w.zip: cannot be written: file exists", STAYS)


def test_a_name_that_no_system_takes_is_an_error(tmp_path: Path) -> None:
    assert refusal(tmp_path / ("w" * 300)) == (f"{tmp_path}/{'w' * 300}: cannot be written: file name too long", STAYS)
    assert names(tmp_path) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield the folder of a disk of 64 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a disk needs more rights; the test with a limit of file size stands in for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


BIG: Files = {"manifest.json": b"{}", "images/noise.png": bytes(range(256)) * 1024}


def test_a_full_disk_leaves_the_old_zip_and_nothing_else(tiny_disk: Path) -> None:
    write_artifact(artifact({"manifest.json": b"{}"}), tiny_disk / "w.zip")
    old = (tiny_disk / "w.zip").read_bytes()
    assert refusal(tiny_disk / "w.zip", artifact(BIG)) == (
        f"{tiny_disk}/w.zip: cannot be written: no space left on device",
        STAYS,
    )
    assert ((tiny_disk / "w.zip").read_bytes(), names(tiny_disk)) == (old, ["w.zip"])


def test_a_limit_of_file_size_leaves_the_old_zip_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "w.zip").write_bytes(b"PK old")
    made = artifact(BIG)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        answer = refusal(tmp_path / "w.zip", made)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer == (f"{tmp_path}/w.zip: cannot be written: file too large", STAYS)
    assert ((tmp_path / "w.zip").read_bytes(), names(tmp_path)) == (b"PK old", ["w.zip"])


def test_a_read_only_folder_leaves_the_old_zip(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "w.zip").write_bytes(b"PK old")
    if os.geteuid():
        folder.chmod(0o555)
        words = "permission denied"
    else:  # root may write anywhere but on a disk that is mounted for reading
        steps: list[list[str | Path]] = [
            ["mount", "--bind", folder, folder],
            ["mount", "-o", "remount,ro,bind", folder],
        ]
        if any(subprocess.run(step, capture_output=True, check=False).returncode for step in steps):
            pytest.skip("root without the right to mount")
        words = "read-only file system"
    try:
        answer = refusal(folder / "w.zip")
        assert ((folder / "w.zip").read_bytes(), names(folder)) == (b"PK old", ["w.zip"])
    finally:
        if os.geteuid():
            folder.chmod(0o755)
        else:
            subprocess.run(["umount", folder], check=True)
    assert answer == (f"{folder}/w.zip: cannot be written: {words}", STAYS)


def test_ctrl_c_while_writing_leaves_the_old_zip_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "w.zip").write_bytes(b"PK old")

    def interrupted(_: int) -> None:
        assert len(names(tmp_path)) == 2
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_artifact(artifact(), tmp_path / "w.zip")
    assert ((tmp_path / "w.zip").read_bytes(), names(tmp_path)) == (b"PK old", ["w.zip"])


def test_a_killed_process_leaves_the_old_zip(tmp_path: Path) -> None:
    target = tmp_path / "w.zip"
    write_artifact(artifact({"manifest.json": b"{}"}), target)
    old = target.read_bytes()
    code = (
        "import os, sys, time; from pathlib import Path; from widgetpack.archive import make_artifact, write_artifact;"
        "made = make_artifact({'a.png': bytes(1000000)}, '', 315532800, 'store');"
        "os.fsync = lambda handle: (print('half', flush=True), time.sleep(60));"
        "write_artifact(made, Path(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert target.read_bytes() == old


def test_readers_never_see_half_a_zip(tmp_path: Path) -> None:
    target = tmp_path / "w.zip"
    kinds = [artifact({"a.png": bytes(size)}) for size in (10, 300_000)]
    write_artifact(kinds[0], target)
    whole = {made.data for made in kinds}
    for _ in range(20):
        with target.open("rb") as reader:
            write_artifact(kinds[1], target)
            assert reader.read() in whole
        write_artifact(kinds[0], target)

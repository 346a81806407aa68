"""Watch mode, as a real process: what it prints line by line, what it leaves on disk, how it ends."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from builders import MANIFEST, as_json, folder, merged, png, put, widget
from running import DEADLINE, LINE, Running

from widgetpack.config.settings import Config
from widgetpack.watch.ending import Ending
from widgetpack.watch.stamps import read_stamps

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")

BUILT = "w/dist/widget.zip SIZE, N ms"
KEPT = "w/dist/widget.zip stays as it was, N ms"

Start = Callable[..., "Watching"]


class Watching(Running):
    """A running ``widgetpack build --watch``."""

    def __init__(self, cwd: Path, *arguments: str, wrap: tuple[str, ...] = ()) -> None:
        super().__init__(cwd, "build", "--watch", *arguments, wrap=wrap)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start watch mode in the test's folder; end it after the test, and look for what it must not leave behind."""
    running: list[Watching] = []

    def begin(*arguments: str, cwd: Path | None = None, wrap: tuple[str, ...] = ()) -> Watching:
        running.append(Watching(cwd or tmp_path, *arguments, wrap=wrap))
        return running[-1]

    yield begin
    for watching in running:
        watching.end()
    assert [path for path in tmp_path.rglob("*.tmp") if path.name.startswith(".widget")] == []


@pytest.fixture(params=["events", "poll"])
def mode(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return ("--poll",) if request.param == "poll" else ()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return folder(tmp_path / "w", widget())


def packed(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def replace(path: Path, data: bytes) -> None:
    """Save as many editors do: a temporary file, then a rename."""
    temporary = path.with_name(f".{path.name}.tmp~")
    temporary.write_bytes(data)
    temporary.replace(path)


def test_a_save_leads_to_one_build_that_says_what_changed(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    (home / "templates").mkdir()
    put(home / "templates/a.twig", "one")
    assert watching.line() == f"templates/a.twig: {BUILT}"
    with (home / "templates/a.twig").open("r+b") as file:  # in place, as editors without a temporary file do
        file.write(b"two")
    assert watching.line() == f"templates/a.twig: {BUILT}"
    assert packed(home / "dist/widget.zip")["templates/a.twig"] == b"two"


def test_an_atomic_save_a_new_and_a_deleted_file_lead_to_one_build_each(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    replace(home / "i18n/en.json", (home / "i18n/en.json").read_bytes() + b"\n")
    assert watching.line() == f"i18n/en.json: {BUILT}"
    put(home / "extra.txt", "extra\n")
    assert watching.line() == f"extra.txt: {BUILT}"
    (home / "extra.txt").unlink()
    assert watching.line() == f"extra.txt: {BUILT}"
    assert "extra.txt" not in packed(home / "dist/widget.zip")


def test_a_renamed_folder_leads_to_a_build_and_is_watched_under_its_new_name(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    folder(home, {"v1.2/deep/a.txt": b"1", "v1.2/deep/b.txt": b"1"})
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    (home / "v1.2").rename(home / "v1.3")
    names = {"v1.3/deep/a.txt", "v1.3/deep/b.txt"}
    watching.until(lambda: names <= packed(home / "dist/widget.zip").keys())
    put(home / "v1.3/deep/a.txt", b"22")
    watching.until(lambda: packed(home / "dist/widget.zip")["v1.3/deep/a.txt"] == b"22")
    assert {name for name in packed(home / "dist/widget.zip") if name.startswith("v1")} == names


def test_a_folder_that_is_removed_and_made_again_is_still_watched(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    folder(home, {"out/a.txt": b"1"})
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    for number in range(3):
        shutil.rmtree(home / "out")
        folder(home, {"out/a.txt": b"made again" * (number + 1)})
        watching.until(lambda: packed(home / "dist/widget.zip").get("out/a.txt") == b"made again" * (number + 1))  # noqa: B023
    put(home / "out/a.txt", b"saved in it")
    watching.until(lambda: packed(home / "dist/widget.zip")["out/a.txt"] == b"saved in it")


def test_reading_swap_files_and_the_output_lead_to_no_build(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start("w", *mode)
    lines = [watching.line()]
    for number in range(3):
        for path in home.rglob("*"):
            if path.is_file():
                path.read_bytes()
        for name in (
            ".script.js.swp",
            "script.js~",
            "4913",
            "#script.js#",
            ".#script.js",
            "script.js.bak",
            "script.js.tmp",
        ):
            put(home / name, "editor")
            (home / name).unlink()
        folder(home, {"node_modules/a/index.js": b"1", ".git/index": b"1", "dist/other.zip": b"1"})
        shutil.rmtree(home / "node_modules")
        put(home / f"fence{number}.txt", "x")
        lines.append(watching.line())
    assert watching.end() == 130
    assert lines == [f"first build: {BUILT}", *(f"fence{number}.txt: {BUILT}" for number in range(3))]
    assert watching.rest() == []


def test_the_last_of_many_saves_is_in_the_zip(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start("w", *mode)
    watching.line()
    for number in range(300):
        # Equal sizes: nothing but the content and the time tells one from the next.
        replace(home / "note.txt", b"save %04d" % number)
    watching.until(lambda: packed(home / "dist/widget.zip").get("note.txt") == b"save 0299")


def test_a_save_while_a_build_runs_starts_another(start: Start, home: Path) -> None:
    folder(home, {f"data/{number}.pdf": os.urandom(50_000) for number in range(60)})
    watching = start("w")
    watching.line()
    stop = threading.Event()

    def save_on_and_on() -> None:
        number = 0
        while not stop.is_set():
            (home / "note.txt").write_bytes(b"%08d" % (number := number + 1))
        (home / "note.txt").write_bytes(b"the last")

    saver = threading.Thread(target=save_on_and_on)
    saver.start()
    try:
        during = [watching.line() for _ in range(3)]
    finally:
        stop.set()
        saver.join()
    watching.until(lambda: packed(home / "dist/widget.zip").get("note.txt") == b"the last")
    assert {line.partition(":")[0] for line in during} == {"note.txt"}


def test_a_thousand_changed_files_lead_to_very_few_builds(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start("w", *mode)
    watching.line()
    folder(home, {f"data/{number // 50}/{number}.txt": b"new" for number in range(1000)})
    zip_file = home / "dist/widget.zip"
    lines = watching.until(lambda: sum(name.startswith("data/") for name in packed(zip_file)) == 1000)
    for path in sorted((home / "data").rglob("*.txt")):
        path.write_bytes(b"changed")
    lines += watching.until(lambda: [*packed(zip_file).values()].count(b"changed") == 1000)
    shutil.rmtree(home / "data")
    lines += watching.until(lambda: sum(name.startswith("data/") for name in packed(zip_file)) == 0)
    assert len(lines) < 30  # a thousand files three times over


def test_a_vanished_folder_is_waited_for(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    shutil.rmtree(home)
    assert watching.line() == "w is gone; waiting for it to come back"
    folder(home, widget())
    assert watching.line() == f"w is back: {BUILT}"
    put(home / "late.txt", "x")
    assert watching.line() == f"late.txt: {BUILT}"


def test_a_folder_that_is_moved_away_and_replaced_is_another_one(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    home.rename(home.with_name("old"))
    folder(home, widget(files={"new.txt": b"new"}))
    watching.until((home / "dist/widget.zip").is_file)
    assert packed(home / "dist/widget.zip")["new.txt"] == b"new"


def test_the_working_folder_itself_may_vanish_and_come_back(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start(*mode, cwd=home)
    assert watching.line() == "first build: dist/widget.zip SIZE, N ms"
    shutil.rmtree(home)
    assert watching.line() == ". is gone; waiting for it to come back"
    folder(home, widget())
    assert watching.line() == ". is back: dist/widget.zip SIZE, N ms"
    put(home / "late.txt", "x")
    assert watching.line() == "late.txt: dist/widget.zip SIZE, N ms"


def test_a_broken_manifest_is_reported_and_the_last_good_zip_stays(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    good = (home / "dist/widget.zip").read_bytes()
    put(home / "manifest.json", b'{\n  "widget": }\n')
    assert watching.line() == f"manifest.json: 1 error; {KEPT}"
    assert [line.split(" ")[:3] for line in watching.said if not line.startswith(" ")] == [
        ["w/manifest.json:2:13:", "J01", "error"]
    ]
    assert (home / "dist/widget.zip").read_bytes() == good
    put(home / "manifest.json", as_json(merged(MANIFEST, {"widget": {"version": "1.0.1"}})))
    assert watching.line() == f"manifest.json: {BUILT}"
    assert json.loads(packed(home / "dist/widget.zip")["manifest.json"])["widget"]["version"] == "1.0.1"


def test_a_manifest_that_goes_and_returns_in_another_root_is_followed(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    (home / "manifest.json").unlink()
    assert watching.line().endswith(f" others: 1 error; {KEPT}")
    folder(home / "src", widget())
    watching.until(lambda: "i18n/en.json" in packed(home / "dist/widget.zip"))
    put(home / "src/lib/greet.js", (home / "src/lib/greet.js").read_bytes() + b"\n")
    assert watching.line() == f"lib/greet.js: {BUILT}"


def test_a_changed_config_counts_a_broken_one_is_reported_and_a_mended_one_goes_on(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    put(home / "a.txt", "a\n")
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    config = home / "widgetpack.toml"
    put(config, 'exclude = ["a.txt"]\n')
    assert watching.line() == f"widgetpack.toml: {BUILT}"
    assert "a.txt" not in packed(home / "dist/widget.zip")
    put(config, 'exclud = ["a.txt"]\n')
    assert watching.line() == (
        'widgetpack.toml: w/widgetpack.toml:1:1: unknown key "exclud", did you mean "exclude"?; ' + KEPT
    )
    put(config, 'exclude = ["b.txt"]\n')
    assert watching.line() == f"widgetpack.toml: {BUILT}"
    assert "a.txt" in packed(home / "dist/widget.zip")
    config.unlink()
    assert watching.line() == f"widgetpack.toml: {BUILT}"


def test_a_config_above_the_widget_is_watched_too(
    start: Start, tmp_path: Path, home: Path, mode: tuple[str, ...]
) -> None:
    config = tmp_path / "widgetpack.toml"
    put(config, 'output = "one.zip"\n')
    watching = start("w", *mode)
    assert watching.line() == "first build: w/one.zip SIZE, N ms"
    replace(config, b'output = "two.zip"\n')
    assert watching.line() == "widgetpack.toml: w/two.zip SIZE, N ms"
    assert packed(home / "one.zip") == packed(home / "two.zip")


def test_the_ignore_file_and_the_integration_form_count(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    put(home / "a.txt", "a\n")
    watching = start("w", *mode)
    assert watching.line() == f"first build: {BUILT}"
    put(home / ".widgetpackignore", "*.txt\n")
    assert watching.line() == f".widgetpackignore: {BUILT}"
    assert "a.txt" not in packed(home / "dist/widget.zip")
    put(home / "integration.json", '{"name": "N"}')
    assert watching.line() == f"integration.json: 1 error; {KEPT}"
    put(home / "integration.json", '{"name": "Name", "icon": "icon.png"}')
    folder(home, {"icon.png": png(400, 272)})
    watching.until(lambda: "icon.png" not in packed(home / "dist/widget.zip"))
    replace(home / "icon.png", png(400, 271))
    watching.until(lambda: any("icon.png" in line for line in watching.said))


def test_an_output_in_a_nested_folder_of_the_widget_leads_to_no_build(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    put(home / "widgetpack.toml", 'output = "lib/deep/er/widget.zip"\ninclude = ["*.zip"]\n')
    watching = start("w", *mode)
    lines = [watching.line()]
    for number in range(2):
        put(home / f"fence{number}.txt", "x")
        lines.append(watching.line())
    assert watching.end() == 130
    target = "w/lib/deep/er/widget.zip SIZE, N ms"
    assert lines == [f"first build: {target}", f"fence0.txt: {target}", f"fence1.txt: {target}"]
    assert watching.rest() == []


def test_an_output_named_on_the_command_line_leads_to_no_build(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    watching = start("w", "-o", "w/lib/x.zip", *mode)
    lines = [watching.line()]
    put(home / "fence.txt", "x")
    lines.append(watching.line())
    assert watching.end() == 130
    assert lines == ["first build: w/lib/x.zip SIZE, N ms", "fence.txt: w/lib/x.zip SIZE, N ms"]
    assert watching.rest() == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_its_code_and_nothing_is_left(
    start: Start, home: Path, mode: tuple[str, ...], number: int, code: int
) -> None:
    before = {path.relative_to(home).as_posix() for path in home.rglob("*")}
    watching = start("w", *mode)
    watching.line()
    assert watching.end(number) == code
    assert watching.rest() == []
    assert watching.errors.strip() == ""
    assert {path.relative_to(home).as_posix() for path in home.rglob("*")} == {*before, "dist", "dist/widget.zip"}
    assert [path.name for path in home.parent.iterdir()] == ["w"]


def test_a_signal_where_python_drops_exceptions_is_not_lost() -> None:
    class Dropping:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    with Ending() as ending:
        ending.check()
        Dropping()
        with pytest.raises(KeyboardInterrupt):
            ending.check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_while_builds_run_leaves_no_temporary_file(start: Start, home: Path) -> None:
    folder(home, {f"data/{number}.pdf": os.urandom(20_000) for number in range(50)})
    for pause in range(6):
        watching = start("w")
        watching.line()
        put(home / "note.txt", str(pause))
        time.sleep(0.04 + pause * 0.02)  # decides only where in the build the signal falls
        assert watching.end() == 130
        assert watching.errors.strip() == ""
    assert [path.name for path in (home / "dist").iterdir()] == ["widget.zip"]
    assert packed(home / "dist/widget.zip")["data/0.pdf"] == (home / "data/0.pdf").read_bytes()


@pytest.mark.parametrize("place", ["option", "config"])
def test_json_reports_go_to_standard_output_and_lines_to_the_other_stream(start: Start, home: Path, place: str) -> None:
    if place == "config":
        put(home / "widgetpack.toml", 'output-format = "json"\n')
    watching = start("w", *(("--output-format", "json") if place == "option" else ()))

    def report() -> Any:
        return json.loads(watching.text())

    assert report()["widgets"][0]["artifact"]["path"] == "w/dist/widget.zip"
    put(home / "manifest.json", b"{")
    assert report()["summary"] == {"error": 1, "warning": 0, "info": 0}
    latest = time.monotonic() + DEADLINE
    while watching.errors.count("\n") < 2 and time.monotonic() < latest:
        time.sleep(0.01)
    assert watching.end() == 130
    lines = [LINE.fullmatch(line) for line in watching.errors.splitlines() if line]
    assert [re.sub(r"\b[\d.]+ (?=kB|ms)", "N ", match[1]) for match in lines if match] == [
        "first build: w/dist/widget.zip N kB, N ms",
        "manifest.json: 1 error; w/dist/widget.zip stays as it was, N ms",
    ]


def test_a_path_that_is_no_folder_ends_it_at_once(start: Start, home: Path, mode: tuple[str, ...]) -> None:
    missing = start("nowhere", *mode)
    assert missing.process.wait(DEADLINE) == 2
    assert missing.rest() == []
    file = start("w/script.js", *mode)
    assert file.process.wait(DEADLINE) == 2
    assert file.rest() == []


def test_a_dev_zip_is_built_on_every_save_too(start: Start, home: Path) -> None:
    watching = start("w", "--dev")
    assert watching.line() == "first build: w/dist/widget-dev.zip SIZE, N ms"
    (home / "lib/greet.js").write_bytes((home / "lib/greet.js").read_bytes() + b"\n")
    assert watching.line() == "lib/greet.js: w/dist/widget-dev.zip SIZE, N ms"
    assert sorted(path.name for path in (home / "dist").iterdir()) == ["widget-dev.zip"]


def test_files_in_a_folder_beside_the_widget_count_where_it_is_named(home: Path) -> None:
    config, output = Config(home), home / "dist/widget.zip"
    folder(home, {".answers/leads.json": b"{}"})
    beside = home / ".answers"
    plain, more = read_stamps(config, home.parent, output), read_stamps(config, home.parent, output, [beside])
    assert more.keys() - plain.keys() == {".answers/leads.json"}
    assert read_stamps(config, home.parent, output, [home / "none"]).keys() == plain.keys()


def test_a_write_that_fails_is_reported_and_the_next_one_counts(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    (home / "dist/widget.zip").mkdir(parents=True)
    watching = start("w", *mode)
    assert watching.line() == "first build: w/dist/widget.zip: a folder is in the way of the zip; no zip yet, N ms"
    (home / "dist/widget.zip").rmdir()
    put(home / "note.txt", "x")
    assert watching.line() == f"note.txt: {BUILT}"


@pytest.mark.parametrize(
    ("limit", "reason"),
    [("max_inotify_instances", "instance"), ("max_inotify_watches", "watch")],
)
def test_the_systems_limit_is_one_line_with_its_cure(start: Start, home: Path, limit: str, reason: str) -> None:
    # A user namespace has limits of its own; the machine's stay as they are.
    wrap = ("unshare", "--user", "--map-root-user", "sh", "-c", f'echo 1 > /proc/sys/user/{limit} && exec "$@"', "sh")
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        pytest.skip("needs the user namespaces of Linux")
    if subprocess.run([*wrap, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("user namespaces are switched off")
    if reason == "instance":
        wrap = (*wrap[:5], wrap[5].replace("echo 1", "echo 0"), wrap[6])
    watching = start("w", wrap=wrap)
    assert watching.process.wait(DEADLINE) == 3
    assert watching.rest() == []
    assert watching.end() == 3
    assert watching.errors == (
        f"widgetpack: w: cannot be watched: inotify {reason} limit reached\n"
        "  try: --poll asks the disk instead of waiting for events\n"
    )
    polling = start("w", "--poll", wrap=wrap)
    assert polling.line() == f"first build: {BUILT}"

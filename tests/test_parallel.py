"""Several widgets in one run: order, equal results whatever ``-j``, failures that stay with their widget, and Ctrl+C."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from builders import MANIFEST, as_json, folder, merged, widget

from widgetpack.errors import WidgetpackError
from widgetpack.parallel import run_all

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE = 120.0


def run(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "widgetpack", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, timeout=DEADLINE
    )


def widgets(base: Path, count: int, **changes: Any) -> list[str]:
    """Write widgets that differ in their version; return their names, in an order that sorting would change."""
    names = [f"w{(number * 7) % count:03}" for number in range(count)]
    files = widget(**changes)
    for name in names:
        manifest = merged(MANIFEST, {"widget": {"version": f"1.0.{int(name[1:])}"}})
        folder(base / name, {**files, "manifest.json": as_json(manifest)})
    return names


def sources(text: str) -> list[str]:
    return [item["source"] for item in json.loads(text)["widgets"]]


@pytest.mark.parametrize("command", ["build", "validate"])
def test_the_report_has_the_order_of_the_command_line_whatever_the_number_of_processes(
    tmp_path: Path, command: str
) -> None:
    names = widgets(tmp_path, 20)
    (tmp_path / names[3] / "script.js").unlink()
    runs = [run(tmp_path, command, *names, "--output-format", "json", "-j", jobs) for jobs in ("1", "2", "8", "100")]
    assert [(one.returncode, sources(one.stdout), one.stderr) for one in runs] == [(1, names, "")] * 4
    assert [one.stdout for one in runs] == [runs[0].stdout] * 4
    texts = [run(tmp_path, command, *names, "-j", jobs) for jobs in ("1", "8")]
    assert texts[0].stdout == texts[1].stdout


def test_zips_are_the_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    names = widgets(tmp_path, 12)
    made = []
    for jobs in ("1", "8"):
        assert run(tmp_path, "build", *names, "-j", jobs).returncode == 0
        made.append([(tmp_path / name / "dist/widget.zip").read_bytes() for name in names])
    assert made[0] == made[1]
    versions = [
        json.loads(zipfile.ZipFile(io.BytesIO(data)).read("manifest.json"))["widget"]["version"] for data in made[0]
    ]
    assert versions == [f"1.0.{int(name[1:])}" for name in names]


@pytest.mark.parametrize("jobs", ["1", "8"])
def test_a_widget_that_fails_does_not_stop_the_others(tmp_path: Path, jobs: str) -> None:
    good, bad, last = widgets(tmp_path, 3)
    (tmp_path / bad / "manifest.json").write_bytes(b"[]")
    blocked = folder(tmp_path / "blocked", widget())
    (blocked / "dist/widget.zip").mkdir(parents=True)
    done = run(tmp_path, "build", good, "missing", bad, "blocked", last, "-j", jobs, "--output-format", "json")
    report = json.loads(done.stdout)
    assert [(item["source"], item["artifact"] is not None) for item in report["widgets"]] == [
        (good, True),
        (bad, False),
        (last, True),
    ]
    assert done.stderr == (
        "widgetpack: missing: no such file or directory\n"
        "  try: name the widget's folder or its finished zip\n"
        "widgetpack: blocked/dist/widget.zip: a folder is in the way of the zip\n"
        "  try: name a file with -o, or `output` in the config\n"
    )
    assert done.returncode == 3
    assert [path.parent.parent.name for path in sorted(tmp_path.glob("*/dist/widget.zip")) if path.is_file()] == sorted(
        [good, last]
    )


@pytest.mark.parametrize(("failing", "code"), [("bad", 1), ("missing", 2)])
def test_the_worst_outcome_is_the_exit_code(tmp_path: Path, failing: str, code: int) -> None:
    folder(tmp_path / "good", widget())
    folder(tmp_path / "bad", widget(files={"script.js": None}))
    assert run(tmp_path, "build", "good", failing).returncode == code
    assert run(tmp_path, "build", failing, "good").returncode == code


@pytest.mark.parametrize("second", ["w", "./w", "link", "../{}/w", "other"])
def test_two_widgets_that_would_write_one_zip_are_a_usage_error(tmp_path: Path, second: str) -> None:
    home = folder(tmp_path / "w", widget())
    (tmp_path / "link").symlink_to(home)
    folder(tmp_path / "other", {**widget(), "widgetpack.toml": b'output = "../w/dist/widget.zip"\n'})
    second = second.format(tmp_path.name)
    done = run(tmp_path, "build", "w", second)
    output = f"{second}/../w/dist/widget.zip" if second == "other" else f"{second.removeprefix('./')}/dist/widget.zip"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"widgetpack: w and {second.removeprefix('./')}: both would write {output}\n"
        "  try: name each widget once, and give each an `output` of its own in its config\n"
    )
    assert not (home / "dist").exists()


def test_validating_a_widget_twice_is_no_error(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    done = run(tmp_path, "validate", "w", "w", "--output-format", "json")
    assert (done.returncode, sources(done.stdout)) == (0, ["w", "w"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2", "8"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_200_widgets_build_ends_every_process_and_leaves_nothing_half_written(
    tmp_path: Path, jobs: str, number: int, code: int
) -> None:
    names = widgets(tmp_path, 200, files={"data.pdf": os.urandom(100_000)})
    process = subprocess.Popen(
        [sys.executable, "-m", "widgetpack", "build", *names, "-j", jobs],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    latest = time.monotonic() + DEADLINE
    while not any(tmp_path.glob("*/dist/widget.zip")) and time.monotonic() < latest:
        assert process.poll() is None
    # What a terminal sends reaches the whole group; a supervisor's signal only the first process.
    (os.kill if number == signal.SIGTERM else os.killpg)(process.pid, number)
    output, errors = process.communicate(timeout=DEADLINE)
    assert (process.returncode, output, errors.strip()) == (code, "", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert list(tmp_path.rglob("*.tmp")) == []
    for path in tmp_path.glob("*/dist/widget.zip"):
        assert zipfile.ZipFile(path).testzip() is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")
@pytest.mark.parametrize(
    ("number", "to_all", "code"),
    [
        (signal.SIGKILL, False, -signal.SIGKILL),
        (signal.SIGTERM, True, 128 + signal.SIGTERM),
        (signal.SIGINT, False, 130),
    ],
)
def test_no_worker_outlives_its_parent_however_that_ends(tmp_path: Path, number: int, to_all: bool, code: int) -> None:
    names = widgets(tmp_path, 200, files={"data.pdf": os.urandom(100_000)})
    process = subprocess.Popen(
        [sys.executable, "-m", "widgetpack", "build", *names, "-j", "3"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    latest = time.monotonic() + DEADLINE
    while not any(tmp_path.glob("*/dist/widget.zip")) and time.monotonic() < latest:
        assert process.poll() is None
    (os.killpg if to_all else os.kill)(process.pid, number)
    try:
        # Each worker holds the pipes open: their end is that of the last one.
        output, errors = process.communicate(timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert (process.returncode, output, errors.strip()) == (code, "", "")


def _end_all(number: int) -> int:
    os.kill(os.getppid(), number)
    os.kill(os.getppid(), number)
    time.sleep(0.2)
    return number


@pytest.mark.skipif(sys.platform != "linux", reason="the worker is forked with this module's function")
def test_a_signal_is_answered_once_the_workers_are_gone_and_the_handlers_are_back() -> None:
    usual = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        run_all([(_end_all, signal.SIGINT)] * 20, 2)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == usual
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform != "linux", reason="the worker is forked with this module's function")
def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert run_all([(_end_all, signal.SIGINT)] * 3, 2) == [signal.SIGINT] * 3
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def _die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="the worker is forked with this module's function")
def test_a_worker_that_is_killed_is_one_line_with_its_cure() -> None:
    with pytest.raises(WidgetpackError, match=re.escape("a worker process was ended from outside")) as caught:
        run_all([(_die, 1), (_die, 2), (_die, 3)], 2)
    assert caught.value.hint == "if memory ran out, -j 1 needs the least"


def test_what_a_task_raises_of_this_package_comes_back_in_its_place() -> None:
    def fails() -> None:
        raise WidgetpackError("no", "yes")

    outcomes = run_all([(len, "ab"), (fails,), (len, "abc")], 1)
    assert [str(outcome) for outcome in outcomes] == ["2", "no", "3"]

"""Watch mode with `[script] command`: it runs again for a save of a source, and never for what it writes itself."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest
from builders import folder, put, widget
from test_command import CONFIG, HINT, project, runs
from test_watch import Start, mode, packed, start

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["mode", "start"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands of a POSIX shell")

BUILT = "w.zip SIZE, N ms"
MAKE = b"rm -rf dist\ncp -r static dist\ncat src/a.txt > dist/lib/a.txt\n"
COUNT = b"echo run >> ../log\n"
"""Beside the project, so that the log itself is no file of it."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    files = {"src/a.txt": b"first", "node_modules/p/index.js": b"1", ".git/HEAD": b"x", "src/b/c.txt": b"1"}
    return folder(
        project(tmp_path / "w", COUNT + MAKE, CONFIG.replace(b"output", b'include = ["lib/a.txt"]\noutput')), files
    )


def text(home: Path) -> bytes:
    return packed(home / "w.zip")["lib/a.txt"]


def test_it_runs_for_a_source_and_not_for_its_output(
    start: Start, tmp_path: Path, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start(*mode, cwd=home)
    assert watching.line() == f"first build: {BUILT}"
    put(home / "node_modules/p/index.js", "2")
    put(home / ".git/HEAD", "y")
    put(home / "src/a.txt", "second")
    assert watching.line() == f"src/a.txt: {BUILT}"
    assert (runs(tmp_path), text(home)) == (2, b"second")
    put(home / "dist/lib/a.txt", "by hand")  # another tool's watcher: packed, and no reason to run
    assert watching.line() == f"lib/a.txt: {BUILT}"
    assert (runs(tmp_path), text(home)) == (2, b"by hand")
    put(home / "src/b/c.txt", "2")
    assert watching.line() == f"src/b/c.txt: {BUILT}"
    assert (runs(tmp_path), text(home)) == (3, b"second")
    (home / "src/new").mkdir()
    put(home / "src/new/d.txt", "1")
    assert watching.line() == f"src/new/d.txt: {BUILT}"
    assert runs(tmp_path) == 4


def test_a_failure_shows_the_last_lines_and_leaves_the_zip(
    start: Start, tmp_path: Path, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start(*mode, cwd=home)
    assert watching.line() == f"first build: {BUILT}"
    put(home / "make.sh", COUNT + MAKE + b"echo broken\nexit 2\n")
    assert watching.line() == "make.sh: `sh make.sh` ends with exit code 2; w.zip stays as it was, N ms"
    assert watching.said == ["  broken"]
    assert watching.text() == f"  try: {HINT}\n"
    put(home / "dist/lib/a.txt", "by hand")  # what a failed run left behind is not packed either
    assert watching.line() == "lib/a.txt: `sh make.sh` ends with exit code 2; w.zip stays as it was, N ms"
    put(home / "make.sh", COUNT + MAKE)
    assert watching.line() == f"make.sh: {BUILT}"
    assert (runs(tmp_path), text(home)) == (3, b"first")


def test_what_it_writes_among_its_sources_leads_to_no_endless_loop(start: Start, tmp_path: Path, home: Path) -> None:
    put(home / "version", "0")
    bump = b"date +%s%N > version\ndate +%s%N > new-$(wc -l < ../log).txt\n"
    put(home / "make.sh", COUNT + bump + MAKE)
    watching = start(cwd=home)
    assert watching.line() == f"first build: {BUILT}"
    assert [watching.line() for _ in range(2)] == [f"new-{number}.txt and 1 other: {BUILT}" for number in (1, 2)]
    put(home / "src/a.txt", "second")
    assert watching.line() == f"src/a.txt: {BUILT}"
    time.sleep(2)  # longer than it took to find the first changes
    assert (runs(tmp_path), text(home)) == (4, b"second")


def test_a_save_while_it_runs_is_not_lost(start: Start, tmp_path: Path, home: Path) -> None:
    put(home / "make.sh", COUNT + MAKE + b"while [ -e ../hold ]; do sleep 0.05; done\n")
    watching = start(cwd=home)
    assert watching.line() == f"first build: {BUILT}"
    (tmp_path / "hold").touch()
    put(home / "src/a.txt", "second")
    while runs(tmp_path) < 2:
        time.sleep(0.01)
    time.sleep(0.3)  # its copy is made
    put(home / "src/a.txt", "third")
    (tmp_path / "hold").unlink()
    assert watching.line() == f"src/a.txt: {BUILT}"
    assert watching.line() == f"src/a.txt: {BUILT}"
    assert (runs(tmp_path), text(home)) == (3, b"third")


def test_the_folder_that_it_makes_may_be_watched(start: Start, tmp_path: Path, home: Path) -> None:
    watching = start("dist", cwd=home)
    assert watching.line() == f"first build: {BUILT}"
    put(home / "src/a.txt", "second")
    assert watching.line() == f"src/a.txt: {home}/{BUILT}"
    assert (runs(tmp_path), text(home)) == (2, b"second")


def test_without_it_only_the_output_is_watched(start: Start, tmp_path: Path, home: Path) -> None:
    folder(home / "dist", widget())
    watching = start("--no-command", cwd=home)
    assert watching.line() == f"first build: {BUILT}"
    put(home / "src/a.txt", "second")
    put(home / "dist/lib/a.txt", "by hand")
    assert watching.line() == f"lib/a.txt: {BUILT}"
    assert (runs(tmp_path), text(home)) == (0, b"by hand")

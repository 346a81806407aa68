"""`widgetpack preview` as a process: what it says, and how it ends."""

from __future__ import annotations

import re
import signal
import socket
from typing import TYPE_CHECKING

import pytest
from builders import folder, widget
from preview_process import Previewing, ended, previewing, without_libraries

from widgetpack.errors import EXIT_INTERRUPTED, EXIT_TOOL

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return without_libraries(tmp_path / "cache")


def test_it_says_where_it_is_and_what_it_shows_until_ctrl_c(tmp_path: Path, cache: Path) -> None:
    home = folder(tmp_path / "w", widget())
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=str(cache)) as process:
        assert process.end(signal.SIGINT) == EXIT_INTERRUPTED
        lines = re.sub(r"\d\d:\d\d:\d\d |, [\d.]+ kB|, \d+ ms", "", process.text())
    assert lines.splitlines() == [
        f"{home} in the sandbox: {process.origin}, until Ctrl+C",
        f"first build: {process.origin} shows 10 files",
        "",  # click ends the line on which the terminal has written ^C
    ]


def test_sigterm_ends_it_as_well(tmp_path: Path, cache: Path) -> None:
    home = folder(tmp_path / "w", widget())
    process = Previewing(home, tmp_path / "log", WIDGETPACK_CACHE=str(cache))
    process.wait_for("first build: ")
    assert process.end(signal.SIGTERM) == 128 + signal.SIGTERM


def test_a_save_is_built_and_a_broken_one_leaves_the_last(tmp_path: Path, cache: Path) -> None:
    home = folder(tmp_path / "w", widget())
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=str(cache)) as process:
        (home / "script.js").write_text("define([")
        process.wait_for(f"1 error; {process.origin} stays at the last good build")
        folder(home, {"preview/a.json": b"[]"})
        (home / "script.js").write_bytes(widget()["script.js"])
        process.wait_for("preview/a.json:1:1: [], an array, not an object")


def test_fixtures_beside_the_config_are_watched(tmp_path: Path, cache: Path) -> None:
    home = folder(tmp_path / "w", {f"public/{path}": data for path, data in widget().items()})
    folder(home, {"widgetpack.toml": b"", "preview/a.json": b"{}"})
    with previewing(home, tmp_path / "log", WIDGETPACK_CACHE=str(cache)) as process:
        (home / "preview" / "a.json").write_text('{"installed": 1}')
        process.wait_for("preview/a.json:1:15: `installed`: 1, a number, not a boolean")


def test_a_port_in_use_is_one_line(tmp_path: Path, cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        home = folder(tmp_path / "w", widget())
        assert ended(cache, str(home), "--port", str(port)) == (
            EXIT_TOOL,
            f"widgetpack: port {port} is in use\n  try: stop what listens there, or name another with --port\n",
        )


def test_without_libraries_it_says_how_to_get_them(tmp_path: Path) -> None:
    home = folder(tmp_path / "w", widget())
    assert ended(tmp_path / "none", str(home)) == (
        EXIT_TOOL,
        (
            "widgetpack: preview needs the libraries of the platform's page, which are not installed\n"
            "  try: widgetpack toolchain install\n"
        ),
    )


@pytest.mark.parametrize("module", ["starlette", "uvicorn", "nh3"])
def test_without_its_extra_it_says_how_to_get_it(tmp_path: Path, cache: Path, module: str) -> None:
    home = folder(tmp_path / "w", widget())
    hide = f"import sys, importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == {module!r} else f(n, *a)"
    assert ended(cache, str(home), code=hide) == (
        EXIT_TOOL,
        f"widgetpack: preview needs {module}, which is not installed\n  try: pip install 'widgetpack[dev]'\n",
    )


def test_a_zip_and_a_folder_without_a_manifest_are_refused(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "w.zip").write_bytes(b"")
    code, text = ended(cache, str(tmp_path / "w.zip"), "--port", "0")
    assert (code, text.splitlines()[-1]) == (2, "Error: Invalid value for '--port': 0 is not in the range 1<=x<=65535.")
    code, text = ended(cache, str(tmp_path / "w.zip"), "--port", "18399")
    assert (code, text.splitlines()) == (
        2,
        [
            f"widgetpack: {tmp_path}/w.zip: a file; a build starts from the widget's folder",
            f"  try: to check a finished zip: widgetpack validate {tmp_path}/w.zip",
        ],
    )

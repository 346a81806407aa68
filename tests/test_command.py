"""`[script] command`: the project's own build runs before the widget is read, once, and only where it was asked for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from builders import archive, folder, widget
from test_cli import run
from test_toolchain import Sign

from widgetpack.config.settings import read_config
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INTERRUPTED, EXIT_TOOL, EXIT_USAGE
from widgetpack.toolchain.command import Command, CommandError, command_of, run_command, surroundings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands of a POSIX shell")

HINT = "mend what it says; it is `[script] command` of the config, and --no-command builds of what lies there"


def failure(text: str, cwd: Path) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run_command(Command(text, cwd), os.environ)
    return caught.value


def said(text: str, cwd: Path) -> bytes:
    chunks: list[bytes] = []
    run_command(Command(text, cwd), os.environ, chunks.append)
    return b"".join(chunks)


def test_both_streams_are_handed_on_and_nobody_answers_questions(tmp_path: Path) -> None:
    assert said("echo out; echo err >&2; read x || echo nothing to read", tmp_path) == b"out\nerr\nnothing to read\n"


def test_it_runs_in_the_folder_of_the_config_with_the_programs_of_its_packages(tmp_path: Path) -> None:
    home = folder(
        tmp_path / "a", {"b/node_modules/.bin/tool": b"#!/bin/sh\necho near\n", "node_modules/.bin/tool": b""}
    )
    for path in (home / "b/node_modules/.bin/tool", home / "node_modules/.bin/tool"):
        path.chmod(0o755)
    assert said("pwd; tool", home / "b") == f"{home}/b\nnear\n".encode()
    (home / "b/node_modules/.bin/tool").unlink()
    (home / "node_modules/.bin/tool").write_text("#!/bin/sh\necho further up\n")
    assert said("tool", home / "b") == b"further up\n"


def test_the_environment_is_handed_on_and_path_may_be_missing(tmp_path: Path) -> None:
    found = surroundings(tmp_path, {"A": "1"})
    programs = [str(place / "node_modules/.bin") for place in (tmp_path, *tmp_path.parents)]
    assert found == {"A": "1", "PATH": ":".join(programs), "WIDGETPACK_NO_COMMAND": "1"}


@pytest.mark.parametrize(
    ("text", "words", "lines"),
    [
        ("echo one; exit 3", "ends with exit code 3", ("one",)),
        ("exit 1", "ends with exit code 1 and says nothing", ()),
        ("kill -9 $$", "is ended by SIGKILL and says nothing", ()),
        (r"printf '\033[1;31mred\033[0m\r\n1%%\r99%%\n\a\n\n'; exit 1", "ends with exit code 1", ("red", "99%", "?")),
        (r"printf 'a\tb\377\0'; exit 1", "ends with exit code 1", ("a b�?",)),
    ],
)
def test_a_failure_names_the_command_the_end_and_the_last_lines(
    tmp_path: Path, text: str, words: str, lines: tuple[str, ...]
) -> None:
    error = failure(text, tmp_path)
    assert (str(error), error.hint, error.lines) == (f"`{text}` in {tmp_path} {words}", HINT, lines)
    assert error.exit_code == EXIT_TOOL


def test_of_a_long_output_the_last_lines_are_kept(tmp_path: Path) -> None:
    lines = failure("seq 1 200000; exit 1", tmp_path).lines
    assert lines == tuple(str(number) for number in range(199_981, 200_001))
    assert [len(line) for line in failure("head -c 100000 /dev/zero | tr '\\0' x; exit 1", tmp_path).lines] == [300]


def test_a_command_of_several_lines_is_named_in_one(tmp_path: Path) -> None:
    assert str(failure("\n  false ||\n  exit 2\n", tmp_path)) == (
        f"`false || exit 2` in {tmp_path} ends with exit code 2 and says nothing"
    )


def test_a_folder_that_is_gone_is_a_failure(tmp_path: Path) -> None:
    error = failure("true", tmp_path / "gone")
    assert str(error) == f"`true` in {tmp_path}/gone cannot be run: no such file or directory"


def test_a_server_that_is_left_behind_holds_up_nobody_and_lives_on(tmp_path: Path) -> None:
    printed = said("sleep 1000 & echo $!", tmp_path)
    os.kill(int(printed), signal.SIGKILL)  # raises where it is gone


def test_only_a_config_file_names_a_command(tmp_path: Path) -> None:
    folder(tmp_path, {"widgetpack.toml": b'[script]\ncommand = "make"\n', "a/manifest.json": b"{}"})
    config = read_config(tmp_path / "a")
    assert command_of(config) == Command("make", tmp_path)
    assert command_of(config._replace(file=None)) is None


CONFIG = b'root = "dist"\noutput = "w.zip"\n\n[script]\ncommand = "sh make.sh"\n'
MAKE = b"echo made >> log\nrm -rf dist\ncp -r static dist\n"


def project(base: Path, make: bytes = MAKE, config: bytes = CONFIG) -> Path:
    """Write a project whose own build makes the widget out of `static/`; return its folder."""
    static = {f"static/{path}": data for path, data in widget().items()}
    return folder(base, {**static, "make.sh": make, "widgetpack.toml": config})


def runs(home: Path) -> int:
    """Return how often the command ran."""
    log = home / "log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_build_runs_it_first_and_packs_what_it_made(tmp_path: Path) -> None:
    home = project(tmp_path, MAKE + b"echo hello\n")
    done = run("build", cwd=home)
    assert (done.code, done.err) == (EXIT_CLEAN, "widgetpack: runs `sh make.sh`\nhello\n")
    assert done.out.splitlines()[0].startswith("w.zip  version 1.0.0, 10 files, ")
    assert runs(home) == 1
    with zipfile.ZipFile(home / "w.zip") as packed:
        assert packed.namelist() == sorted(widget().keys() - {"lib/greet.js"})


def test_the_folder_that_it_makes_may_be_named(tmp_path: Path) -> None:
    home = project(tmp_path)
    assert [run("build", "dist", cwd=home).code for _ in range(2)] == [EXIT_CLEAN, EXIT_CLEAN]
    assert runs(home) == 2


def test_a_failure_is_exit_code_3_and_leaves_the_old_zip(tmp_path: Path) -> None:
    home = project(tmp_path, b"echo broken\nexit 4\n")
    (home / "w.zip").write_bytes(b"old")
    done = run("build", cwd=home)
    assert (done.code, done.out) == (EXIT_TOOL, "")
    assert done.err == (
        "widgetpack: runs `sh make.sh`\nbroken\nwidgetpack: `sh make.sh` ends with exit code 4\n  try: " + HINT + "\n"
    )
    assert (home / "w.zip").read_bytes() == b"old"


def test_quiet_shows_its_output_only_where_it_fails(tmp_path: Path) -> None:
    home = project(tmp_path, MAKE + b"echo fine\n")
    assert run("build", "-q", cwd=home).err == ""
    (home / "make.sh").write_text("echo broken\nexit 4\n")
    done = run("build", "-q", cwd=home)
    assert done.err == "broken\nwidgetpack: `sh make.sh` ends with exit code 4\n  try: " + HINT + "\n"


def test_a_report_on_standard_output_stays_alone(tmp_path: Path) -> None:
    done = run("build", "--output-format", "json", cwd=project(tmp_path, MAKE + b"echo noise\n"))
    assert json.loads(done.out)["summary"] == {"error": 0, "warning": 0, "info": 0}


@pytest.mark.parametrize(("words", "environment"), [(["--no-command"], {}), ([], {"WIDGETPACK_NO_COMMAND": "1"})])
def test_it_can_be_left_out(tmp_path: Path, words: list[str], environment: dict[str, str]) -> None:
    home = project(tmp_path)
    folder(home / "dist", widget())
    assert run("build", *words, cwd=home, **environment).code == EXIT_CLEAN
    assert runs(home) == 0


def test_a_build_within_the_command_does_not_run_it_again(tmp_path: Path) -> None:
    home = project(tmp_path, MAKE + f'"{sys.executable}" -m widgetpack build -o inner.zip\n'.encode())
    assert run("build", cwd=home).code == EXIT_CLEAN
    assert (runs(home), (home / "inner.zip").exists()) == (1, True)


MISSING = (
    ".:1:1: M01 error no manifest.json in dist, which the config names as root; `sh make.sh`, "
    "which `widgetpack build` runs first, has to make it\n\n1 error\n"
)


def test_validate_judges_what_lies_there_and_says_who_makes_it(tmp_path: Path) -> None:
    home = project(tmp_path)
    done = run("validate", cwd=home)
    assert (done.code, done.out) == (EXIT_FINDINGS, MISSING)
    folder(home / "dist", widget())
    assert run("validate", cwd=home).out == "no findings\n"
    assert run("validate", "--fix", cwd=home).code == EXIT_CLEAN
    assert runs(home) == 0


def test_a_command_that_makes_no_widget_is_told_the_same_way(tmp_path: Path) -> None:
    home = project(tmp_path, b"true\n")
    done = run("build", cwd=home)
    assert (done.code, done.out) == (EXIT_FINDINGS, MISSING)


def test_ls_and_config_do_not_run_it(tmp_path: Path) -> None:
    home = project(tmp_path)
    folder(home / "dist", widget())
    assert run("ls", cwd=home).code == EXIT_CLEAN
    shown = run("config", "--no-command", cwd=home).out.splitlines()
    assert [" ".join(line.split()) for line in shown if "command" in line] == [
        'command = "sh make.sh" # widgetpack.toml:5',
        "# no-command = true # --no-command",
    ]
    assert runs(home) == 0


@pytest.mark.parametrize("path", ["w.zip", "nosuch", "dits"])
def test_no_command_runs_for_a_zip_or_a_path_that_is_not_there(tmp_path: Path, path: str) -> None:
    home = project(tmp_path)
    inside = {"widgetpack.toml": b'[script]\ncommand = "touch log"\n'}
    (home / "w.zip").write_bytes(archive({**widget(), **inside}))
    assert run("build", path, cwd=home).code == EXIT_USAGE
    assert run("validate", "w.zip", cwd=home).code == EXIT_CLEAN
    assert not (home / "log").exists()


def test_a_command_that_several_widgets_share_runs_once(tmp_path: Path) -> None:
    folder(tmp_path, {"widgetpack.toml": b'[script]\ncommand = "echo made >> log"\n'})
    for name in ("a", "b"):
        folder(tmp_path / name, widget())
    assert run("build", "-j", "2", "a", "b", cwd=tmp_path).code == EXIT_CLEAN
    assert runs(tmp_path) == 1
    assert [(tmp_path / name / "dist/widget.zip").is_file() for name in ("a", "b")] == [True, True]


def test_where_one_command_fails_the_other_widgets_are_built(tmp_path: Path) -> None:
    bad, good = project(tmp_path / "bad", b"exit 9\n"), project(tmp_path / "good")
    done = run("build", "bad", "good", cwd=tmp_path)
    assert (done.code, (good / "w.zip").exists(), (bad / "w.zip").exists()) == (EXIT_TOOL, True, False)
    assert done.err.split("widgetpack: ")[2] == (
        f"`sh make.sh` in bad ends with exit code 9 and says nothing\n  try: {HINT}\n"
    )


def test_what_lies_beside_the_output_is_no_source_of_widgetpacks(tmp_path: Path) -> None:
    home = project(tmp_path)
    folder(home, {"src/index.ts": b"broken ("})
    (home / "static/script.js").unlink()
    done = run("build", "--output-format", "concise", cwd=home)
    assert done.out == "dist:1:1: S01 error no script.js\n1 error\n"


@pytest.mark.parametrize("value", ['""', '"  "', '"a\\u0000b"', "1", '["npm"]'])
def test_a_value_that_names_no_command_is_refused(tmp_path: Path, value: str) -> None:
    done = run("build", cwd=project(tmp_path, config=f"[script]\ncommand = {value}\n".encode()))
    line = done.err.splitlines()[0]
    assert (done.code, line.partition(": `script.command`: ")[0]) == (EXIT_USAGE, "widgetpack: widgetpack.toml:2:1")


def test_a_revision_without_the_made_folder_cannot_be_compared(tmp_path: Path) -> None:
    home = project(tmp_path)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=n", "-c", "user.email=e@x", "commit", "-qm", "m"]):
        subprocess.run(["git", *words], cwd=home, check=True)
    done = run("build", "--against", "HEAD", "-q", cwd=home)
    assert (done.code, done.err) == (
        EXIT_USAGE,
        (
            "widgetpack: --against HEAD: `[script] command` makes the widget's folder, and the revision has none\n"
            "  try: name the zip of the last upload\n"
        ),
    )


def test_a_version_is_compared_with_that_of_a_zip(tmp_path: Path) -> None:
    home = project(tmp_path)
    changed = widget({"widget": {"support": {"link": "https://widgets.dev/other"}}})
    (home / "old.zip").write_bytes(archive(changed))
    done = run("build", "--against", "old.zip", "-q", "--output-format", "concise", cwd=home)
    assert [line.split()[1] for line in done.out.splitlines()] == ["M24"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, EXIT_INTERRUPTED),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),  # the terminal was closed
    ],
)
@pytest.mark.parametrize("trap", ["", "trap '' TERM INT\n"])
def test_ctrl_c_ends_the_whole_group(tmp_path: Path, number: signal.Signals, code: int, trap: str) -> None:
    sign = Sign(tmp_path / "sign")
    home = project(tmp_path / "w", f"{trap}(echo alive; exec sleep 1000) > ../sign &\nsleep 1000\n".encode())
    command = [sys.executable, "-m", "widgetpack", "build", "-q"]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert sign.read() == b"alive\n"
        process.send_signal(number)
        process.communicate()
    assert process.returncode == code
    assert sign.read() == b""

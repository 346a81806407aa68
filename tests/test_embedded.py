"""Lowering: what comes out is shorter, readable, and means the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from builders import needs_esbuild
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetpack.bundle.embedded import lower, unescape
from widgetpack.scripts import esbuild_py

NODE = shutil.which("node")
PAD = "/*" + "-" * 400 + "*/"


def evaluated(programs: list[str]) -> list[object]:
    """Return what each program leaves in the variable ``out``, by node."""
    if NODE is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no node on PATH")
    runner = (
        "const vm=require('vm');let d='';process.stdin.on('data',c=>d+=c).on('end',()=>process.stdout.write(JSON.stringify("
        "JSON.parse(d).map(t=>{const c={};vm.createContext(c);vm.runInContext(t,c);"
        "return JSON.stringify(c.out).replace(/[^ -~]/g,x=>'\\\\u'+x.charCodeAt(0).toString(16).padStart(4,'0'))}))))"
    )
    done = subprocess.run(
        [str(NODE), "-e", runner], input=json.dumps(programs), capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


@needs_esbuild
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('var a = "привет";', 'var a = "привет";\n'),
        ("var a = `ш${'ж'}`;", 'var a = `ш${"ж"}`;\n'),
        ("var ключ = { ключ: 1 };", "var ключ = { ключ: 1 };\n"),
        (r'var a = "\\u0041";', 'var a = "\\\\u0041";\n'),
        (r'var a = "\uD83D\uDE00";', 'var a = "\U0001f600";\n'),
        (r'var a = "\uD83D";', 'var a = "\\uD83D";\n'),
        (r'var a = "\xA0\u2028\uFEFF\x07";', 'var a = "\\xA0\\u2028\\uFEFF\\x07";\n'),
        (r"var a = String.raw`\u0430 ш`;", "var a = String.raw`\\u0430 ш`;\n"),
        ("var a = /[бж]/;", "var a = /[бж]/;\n"),
        ("var a = 1; // gone", "var a = 1;\n"),
        ("/*! kept */ var a = 1;", "/*! kept */\nvar a = 1;\n"),
    ],
)
def test_lowered_text_is_exactly(text: str, expected: str) -> None:
    assert lower(text + PAD) == expected


@needs_esbuild
def test_text_that_would_grow_stays() -> None:
    assert lower("a=1;b=2;c=3") == "a=1;b=2;c=3"


@needs_esbuild
def test_text_with_jsx_is_lowered_even_if_it_grows() -> None:
    assert lower("x=<a/>") == 'x = React.createElement("a", null);\n'


@needs_esbuild
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class A {\n  /** doc */\n  m() {}\n  // line\n  x = 1; // end\n}", "class A {\n  m() {\n  }\n  x = 1;\n}\n"),
        ("f(/* a */ 1, /* b */ 2);", "f(1, 2);\n"),
        ("a = { /* k */ b: 1, // l\n c: 2 };", "a = {\n  b: 1,\n  c: 2\n};\n"),
        ("class A {\n  /*! legal */\n  x = '/* no */';\n  /* @license MIT */\n  y = /\\/\\*x/;\n}",
         'class A {\n  /*! legal */\n  x = "/* no */";\n  /* @license MIT */\n  y = /\\/\\*x/;\n}\n'),
    ],
)  # fmt: skip
def test_comments_go_from_classes_calls_and_objects_too(text: str, expected: str) -> None:
    assert lower(text + PAD) == expected


@needs_esbuild
@pytest.mark.parametrize("text", ["var a = ;", "a\0b", "(" * 5000, "", "\ud800"])
def test_text_that_is_no_program_stays(text: str) -> None:
    assert lower(text) == text


def test_without_esbuild_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esbuild_py, "_library", lambda: None)
    assert not esbuild_py.available()
    assert lower("var a = 1; // c") == "var a = 1; // c"


@needs_esbuild
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("// c", ""),
        ("/* c */", ""),
        ("var a = ;", None),
        ("if (a)", None),
        ("a\0", None),
        ("let a; let a", None),
        (";", ";\n"),
    ],
)
def test_transform_tells_an_error_from_nothing_to_print(text: str, expected: str | None) -> None:
    assert esbuild_py.transform(text) == expected


def test_unescape_leaves_text_without_escapes() -> None:
    assert unescape("var a = 1;") == "var a = 1;"


TEXT = st.text(st.characters(exclude_characters="\0\r", exclude_categories=()), max_size=12)


def program(text: str) -> str:
    """Write ``text`` into every kind of place that a string can have."""
    safe = json.dumps(text)
    raw = "".join(c for c in text if c not in "`\\$\n\u2028\u2029" and not "\ud800" <= c <= "\udfff")
    written = json.dumps("".join(c for c in text if not "\ud800" <= c <= "\udfff"), ensure_ascii=False)
    written = written.replace("\u2028", "").replace("\u2029", "")
    return f"{PAD}var out = [{safe}, {written}, `{raw}`, `${{{safe}}}\\u0430`, String.raw`{raw}\\u0430`, {{{safe}: {written}}}];"


@needs_esbuild
@settings(max_examples=25, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=30))
def test_lowered_strings_equal_the_original_ones(texts: list[str]) -> None:
    originals = [program(t) for t in texts]
    lowered = [lower(t) for t in originals]
    assert all(len(b) < len(a) for a, b in zip(originals, lowered, strict=True))
    assert evaluated(lowered) == evaluated(originals)

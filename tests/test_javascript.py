"""The facts of one script."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetpack.model import Fault
from widgetpack.scripts import esbuild_py
from widgetpack.scripts.define import Define, asked_in
from widgetpack.scripts.javascript import load_script

needs_esbuild = pytest.mark.skipif(not esbuild_py.available(), reason="esbuild-py has no wheel here")


def defines(text: str) -> tuple[Define, ...]:
    return load_script("script.js", text.encode()).defines


def only(text: str) -> Define:
    (define,) = defines(text)
    return define


@pytest.mark.parametrize(
    ("text", "ids", "form", "kind", "parameters"),
    [
        ("define(['a', \"./b.js\"], function (a, b) {});", ["a", "./b.js"], "array", "function", 2),
        ("define([`./a.js`], () => 1);", ["./a.js"], "array", "arrow", 0),
        ("define(['./\\x41', b + 'c', ...d], f);", ["./A", None, None], "array", "other", None),
        ("define({ a: 1 });", [], "absent", "object", None),
        ("define((function () { return 1; }));", [], "absent", "function", 0),
        ("define(deps, function () {});", [], "expression", "function", 0),
        ("define(...all);", [], "expression", "other", None),
        ("define(['a']);", ["a"], "array", "none", None),
        ("define();", [], "absent", "none", None),
        ("define(['a'], async function (a) {});", ["a"], "array", "other", None),
        ("define(['a'], function* () {});", ["a"], "array", "other", None),
        ("define(['a'], function (a, b = 1, ...c) {});", ["a"], "array", "function", 1),
        ("define(f); function f(require) { require('q'); }", ["q"], "absent", "other", 1),
        ("!function (e) { define(e) }(function () {});", [], "absent", "other", 0),
        ("define(function () { require('a'); });", [], "absent", "function", 0),
        (
            "define(function (r) { require('a'); x.require('b'); /* require('c') */ require( \"d\" ) });",
            ["a", "d"],
            "absent",
            "function",
            1,
        ),
        (
            "define(function (r) { // require('a')\n f('http://x', require('b')); require('c' + d); require(`e`) });",
            ["b"],
            "absent",
            "function",
            1,
        ),
    ],
)
def test_define_is_read(text: str, ids: list[str | None], form: str, kind: str, parameters: int | None) -> None:
    define = only(text)
    assert [d.id for d in define.dependencies] == ids
    assert (define.list_form, define.factory_kind, define.parameters) == (form, kind, parameters)


@pytest.mark.parametrize(
    ("text", "name"),
    [("define('n', ['a'], function (a) {})", "n"), ("define('n', {})", "n"), ("define(['a'], {})", None)],
)
def test_name_is_read(text: str, name: str | None) -> None:
    assert only(text).name == name


@pytest.mark.parametrize(
    ("text", "top_level", "via_window"),
    [
        ("define({});", True, False),
        ("window.define({})", True, True),
        ("self.define({})", True, True),
        ("globalThis.define({})", True, True),
        ("(function () { define({}); })()", False, False),
        ("if (a) define({});", False, False),
    ],
)
def test_place_of_the_call_is_told(text: str, top_level: bool, via_window: bool) -> None:
    assert (only(text).top_level, only(text).via_window) == (top_level, via_window)


@pytest.mark.parametrize(
    "text",
    [
        "x.define({})",
        "define",
        "predefine({})",
        "'define({})'",
        "// define({})",
        "define.amd",
        "f(define)",
        "new define({})",
    ],
)
def test_what_is_no_call_of_define_is_none(text: str) -> None:
    assert defines(text) == ()


def test_offsets_count_bytes_from_the_start_of_the_file() -> None:
    data = "\ufeff/* ш */ define(['./ж.js'], function (a) { return 'ю'; });".encode()
    define = load_script("script.js", data).defines[0]
    (dependency,) = define.dependencies
    assert data[define.start : define.end].decode() == "define(['./ж.js'], function (a) { return 'ю'; })"
    assert data[define.arguments[0] : define.arguments[1]].decode() == "(['./ж.js'], function (a) { return 'ю'; })"
    assert data[dependency.offset : dependency.end].decode() == dependency.source == "'./ж.js'"
    assert define.factory is not None
    assert data[slice(*define.factory)].decode() == "function (a) { return 'ю'; }"


def test_required_id_is_placed_behind_comments() -> None:
    data = "define(function (r) { /* ш */ // ж\n var a = require(/* c */ './a.js'); });".encode()
    (dependency,) = load_script("script.js", data).defines[0].dependencies
    assert (dependency.id, data[dependency.offset : dependency.end]) == ("./a.js", b"'./a.js'")


def test_two_calls_are_two_defines() -> None:
    assert [d.deps for d in defines("if (a) define(b, {}); else define(c, {});")] == [None, None]


@needs_esbuild
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("define(['a'], function () { return [1, 2 }; });", Fault("syntax", "unexpected `}`", 41)),
        ("foo(1", Fault("syntax", "`(` is never closed", 3)),
        ("foo(1))", Fault("syntax", "unexpected `)`: nothing is open here", 6)),
        ("if (a)", Fault("syntax", "missing `;`", 6)),
        ("let a; let a", Fault("syntax", "not JavaScript: esbuild refuses it", None)),
        ("", None),
        ("// words", None),
        ('"use strict"', None),
        ("#!/usr/bin/env node\na", None),
        ("<!-- old\na\n--> old", None),
        ("x = <a b='1'>{c}</a>;", None),
        ("a\0b", Fault("nul", "holds a NUL byte", 1)),
    ],
)
def test_fault_is_exactly(text: str, fault: Fault | None) -> None:
    assert load_script("script.js", text.encode()).fault == fault


def test_bytes_that_are_not_utf8_are_a_fault() -> None:
    assert load_script("script.js", b"a = '\xe9'").fault == Fault("encoding", "is not UTF-8", 5)


@pytest.mark.parametrize("text", [b"[" * 100_000, b"{" * 100_000 + b"}" * 100_000, b"if(1)" * 20_000, b"!" * 20_000])
def test_deep_nesting_is_a_fault(text: bytes) -> None:
    assert load_script("script.js", text).fault == Fault("too-deep", "nests too deeply to be read", None)


def test_many_brackets_in_strings_are_not_deep() -> None:
    assert load_script("script.js", b"a = [" + b'"((",' * 2_000 + b"];").fault is None


def test_a_script_over_the_limit_is_a_fault() -> None:
    assert load_script("script.js", b"a" * 10_000_000).fault == Fault(
        "too-large", "10.0 MB: scripts over 5 MB are not read", None
    )


def test_without_esbuild_tree_sitter_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esbuild_py, "_library", lambda: None)
    assert load_script("alone.js", b"let b; let b").fault is None
    assert load_script("alone.js", b"c(").fault == Fault("syntax", "`(` is never closed", 1)


def test_jsx_and_module_syntax_are_told() -> None:
    script = load_script("script.js", b"var a = <b/>;\nexport default a;")
    assert (script.has_jsx, script.module_syntax) == (True, 14)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
def test_loading_never_raises(data: bytes) -> None:
    assert load_script("script.js", data + b" define(" + data).path == "script.js"


REQUIREJS_COMMENT = r"/\*[\s\S]*?\*/|([^:\"'=]|(?:^|(?<=[\n\r\u2028\u2029])))//[^\n\r\u2028\u2029]*"
REQUIREJS_REQUIRE = r"""[^.]\s*require\s*\(\s*(["']([^'"\s]+)["'])\s*\)"""
PIECES = [
    "/*",
    "*/",
    "//",
    "\n",
    ":",
    "'",
    "=",
    "a",
    " ",
    "/",
    "*",
    ".",
    "require('x')",
    'require ( "y" )',
    "(",
    "\u2028",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_what_requirejs_asks_for_is_found_as_its_own_expressions_find_it(text: str) -> None:
    """The expressions of RequireJS 2.3, as they stand in it, take the square of the text; ours must find the same."""
    stripped = re.sub(REQUIREJS_COMMENT, lambda found: found[1] or "", text)
    found = list(asked_in(text))
    assert [name for name, _, _ in found] == [found[2] for found in re.finditer(REQUIREJS_REQUIRE, stripped)]
    assert all(text.startswith(source, at) for _, source, at in found)

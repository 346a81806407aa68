"""The facts of scripts: large ones that are only glanced at, and whatever bytes there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import GREET, SCRIPT, needs_esbuild, tree, widget
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetpack.config.settings import Config
from widgetpack.rules import check
from widgetpack.scripts import esbuild_py
from widgetpack.scripts.addresses import local_addresses
from widgetpack.scripts.code import words
from widgetpack.scripts.conduct import acts
from widgetpack.scripts.javascript import GLANCED_BYTES, Script, glance, load_script
from widgetpack.scripts.kind import kind_of
from widgetpack.widget import load_widget

FILLER = "f(function(n){return{a:n+1,b:!0}});" * (GLANCED_BYTES // 30)


def large(code: str) -> bytes:
    """Return a minified script of more than `GLANCED_BYTES` with ``code`` in its middle."""
    return (FILLER[: len(FILLER) // 70 * 35] + code + FILLER).encode()


def facts(script: Script) -> list[object]:
    """Return what a glance is sure of."""
    found = [(d.start, d.name, d.deps, d.via_window) for d in script.defines]
    return [found, script.fault, script.module_syntax, script.has_jsx]


@needs_esbuild
@pytest.mark.parametrize(
    "code",
    [
        "",
        'define(["jquery","./a.js?v="+v],function(n){return n});',
        "define('name',[],function(){return 1});",
        'window.define(["./ж.js"],e);',
        '"function"==typeof define&&define.amd?define(["exports","vue"],t):t(e);',
        "define(function(){return be});",
        "define((()=>(()=>{var e={2997:1};return e})()));",
        "define([" + "'a'," * 40 + "'b'],f);",
        "x.define(['a'],f);undefine(['b']);",
        'var a;export{a as b};import c from"d";',
        "import{a}from'./b.js';",
        "import('./a.js').then(f);a.import({b:1});var exports={};",
    ],
)
def test_a_glance_sees_what_parsing_sees(code: str) -> None:
    data = large(code)
    seen = glance("app.js", data)
    assert seen.glanced
    assert facts(seen) == facts(load_script("app.js", data))


@needs_esbuild
def test_a_large_script_with_a_syntax_error_is_parsed_for_its_place() -> None:
    data = large("var=1;")
    assert glance("app.js", data) == load_script("app.js", data)


def test_small_scripts_and_large_ones_of_the_author_are_parsed() -> None:
    own = b"// a line of the author\nshow(panel, title);\n" * 4_000
    assert not glance("script.js", SCRIPT).glanced
    assert not glance("script.js", own).glanced


def test_without_esbuild_large_scripts_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esbuild_py, "_library", lambda: None)
    assert not glance("alone.js", large("define([],f);")).glanced


def test_a_dependency_of_a_large_script_is_judged() -> None:
    files = widget(files={"script.js": large('define(["./lib/gone.js"],function(n){return n});')})
    found = [item.message for item in check(load_widget(tree(files), Config(Path()))) if item.code == "S05"]
    assert found == ["no file for `./lib/gone.js`"]


@needs_esbuild
@pytest.mark.parametrize(
    ("code", "hosts"),
    [
        ('f("https://localhost:8080/a");g("http://localhost");', ["https://localhost:8080/a"]),
        ('define(["https://localhost/a.js"],f);', ["https://localhost/a.js"]),
        ('f("//127.0.0.1:3000/a",/*https://localhost:1*/1);', ["//127.0.0.1:3000/a"]),
    ],
)
def test_local_addresses_of_a_large_script_need_a_port_or_a_define(code: str, hosts: list[str]) -> None:
    assert [address.url for address in local_addresses(glance("app.js", large(code)))] == hosts


@pytest.mark.parametrize(
    ("path", "start", "kind"),
    [
        ("lib/a.js", b"var a = 1;", "own"),
        ("lib/a.min.js", b"", "minified"),
        ("lib/select2.min.js", b"", "library"),
        ("lib/jquery.mask-1.14.min.js", b"", "library"),
        ("lib/charter.min.js", b"", "minified"),
        ("node_modules/a/b.js", b"", "library"),
        ("script.js", b"/*! jQuery v3.7.1 */", "own"),
        ("lib/a.js", b"/*! jQuery v3.7.1 | (c) OpenJS Foundation */", "library"),
        (
            "lib/a.js",
            b"/**\n * @license\n * Lodash <https://lodash.com/>\n * Copyright OpenJS Foundation\n */",
            "library",
        ),
        ("lib/a.js", b"/* jQuery plugin of the author, version 1.0 */", "own"),
        ("lib/a.js", b"/*! Panel of the author, made with jQuery 2.1 */", "own"),
        ("script.js", b"var a = __webpack_require__(1);", "bundle"),
        ("script.js", b"// not __webpack_require__\n/* nor\n webpackJsonp */ var a;", "own"),
        ("script.js", b"var a = 'image/*'; var b = __webpack_require__(1);", "bundle"),
        ("script.js", b"/* a */ var u = 'https://a.b'; (window['webpackJsonp'] = 1);", "bundle"),
        ("lib/a.js", FILLER.encode(), "minified"),
        ("lib/a.js", b"var texts = ['" + b"words and more words, " * 300 + b"'];", "own"),
    ],
)
def test_kind_is_told(path: str, start: bytes, kind: str) -> None:
    assert kind_of(path, start) == kind


def test_an_empty_word_stands_nowhere() -> None:
    assert list(words(b"a b", b"")) == []


def test_a_text_with_an_empty_key_ends_in_findings() -> None:
    files = widget(texts={"panel": {"": "Due"}})
    found = [item.message for item in check(load_widget(tree(files), Config(Path()))) if item.code == "L11"]
    assert found == ["`panel.` is read by nothing"]


WORDS = [
    *("eval", "Function", "setTimeout", "createElement", "<script", "alert", "confirm", "debugger", "console", "trace"),
    *(
        "catch",
        "then",
        "async",
        "open",
        "APP",
        "AMOCRM",
        "window",
        "$",
        "jQuery",
        "crm_post",
        "forEach",
        "for",
        "while",
    ),
    *(
        "i18n",
        "langs",
        "self",
        "this",
        "callbacks",
        "render",
        "init",
        "bind_actions",
        "onSalesbotDesignerSave",
        "return",
    ),
    *(
        "define",
        "function",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ".",
        ",",
        ";",
        ":",
        "=",
        "=>",
        "'",
        '"',
        "`",
        "${",
        "//",
        "/*",
    ),
    *("question", "execute_handler", "widget_request", "handler", "exports", "fetch", "axios", "globalThis", "delete"),
    *("Object.assign", "$.extend", "import", "class", "static", "prototype", "bind", "split", "case", "...", "+"),
    *("'a.js?v='", "Date.now()", "'ws://a.b'", "href", "location", "notifications", "noConflict", "async", "await"),
    *("'http://a.b'", "'https://localhost:1/'", "'a.twig'", "'b.css'", "new", "var"),
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=40).map(" ".join))
@settings(max_examples=200)
def test_any_words_in_any_order_end_in_findings(text: str) -> None:
    data = text.encode("utf-8", "replace")
    acts(load_script("lib/greet.js", data))
    files = {**widget(), "lib/greet.js": data, "lib/other.js": GREET + data, "script.js": SCRIPT + data, "a.twig": data}
    check(load_widget(tree(files), Config(Path())))


@given(st.integers(0, len(SCRIPT)), st.integers(0, 40), st.sampled_from(WORDS))
@settings(max_examples=200)
def test_a_mutilated_script_ends_in_findings(start: int, size: int, word: str) -> None:
    data = SCRIPT[:start] + word.encode() + SCRIPT[start + size :]
    check(load_widget(tree({**widget(), "script.js": data}), Config(Path())))

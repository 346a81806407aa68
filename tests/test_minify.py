"""Classic scripts minified by the real esbuild: which ones, what stays as it was, and what is said where it cannot be done."""

from __future__ import annotations

import json
import re
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from builders import SCRIPT, brief, findings, folder, tree, widget
from native_builders import needs_native, runs_anywhere
from test_cli import run as command

from widgetpack.bundle.amd import link
from widgetpack.bundle.minify import Minified, minify
from widgetpack.config.script import ScriptOptions
from widgetpack.config.settings import Config
from widgetpack.errors import EXIT_CLEAN, EXIT_TOOL, EXIT_USAGE
from widgetpack.rules.base import RULES
from widgetpack.scripts import esbuild_py

pytestmark = needs_native

ES5 = (
    "define(['jquery'], function ($) {\n  /*! Licence */\n  var longName = null; // => `x` ?. ?? ||= {\n"
    "  (function () { longName = 1; })();\n  if (longName == null) { longName = { longName: longName, 'b': 1 }; }\n"
    "  longName = longName != null ? longName : $;\n  longName = longName == null ? undefined : longName.x;\n"
    "  return function () { try { longName(); } catch (error) { } };\n});\n"
    "var Global = 1;\nfunction globalFunction(argument) { return argument + Global; }\n"
)
ES5_SMALL = (
    'define(["jquery"],function(l){var n=null;return function(){n=1}(),n==null&&(n={longName:n,b:1}),n=n!=null?n:l,'
    "n=n==null?void 0:n.x,function(){try{n()}catch(u){}}});var Global=1;function globalFunction(l){return l+Global}\n"
    "/*! Licence */\n"
)


def minified(**scripts: str) -> Minified:
    files = {re.sub("_(min|js|css)", r".\1", name.replace("__", "/")): text.encode() for name, text in scripts.items()}
    return minify(files, Config(Path(__file__).parent))


def small(**scripts: str) -> dict[str, str]:
    return {path: bare(data.decode()) for path, data in minified(**scripts).files.items()}


def bare(text: str) -> str:
    """Take the parentheses out that newer versions put around a function called where it stands: `(function(){...})()`."""
    called = re.compile(r"(return)?\((function\(\w?\)\{[^()]*(?:function\(\)\{[^{}]*\})?\})\)\(")
    return called.sub(lambda match: f"{match[1] + ' ' if match[1] else ''}{match[2]}(", text)


def test_globals_properties_and_legal_comments_stay_and_no_newer_syntax_comes_in() -> None:
    assert small(script_js=ES5) == {"script.js": ES5_SMALL}


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("let a;", "n=n!=null?n:l,n=n==null?void 0:n.x"),
        ("a = b?.c;", "n=n!=null?n:l,n=n?.x"),
        ("a = b ?? c;", "n=n??l,n=n==null?void 0:n.x"),
        ("a = b ?? c; a ??= b?.c;", "n=n??l,n=n?.x"),
    ],
)
def test_syntax_that_the_widget_uses_already_may_be_used_again(more: str, line: str) -> None:
    assert line in small(script_js=ES5, lib__b_js=f"{more}   // the browsers of this widget know it\n")["script.js"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class  A { #x = 1; static { A.y = 2n ** 3n; } }", "class A{#s=1;static{A.y=2n**3n}}\n"),
        ("a ||= b?.c ?? (d => 1);", "a||=b?.c??(c=>1);\n"),
        ("var x = 08; with (x) { y = arguments; }", "var x=8;with(x)y=arguments;\n"),
        ("(function (long) { return eval('long'); })(1);", '(function(long){return eval("long")})(1);\n'),
    ],
)
def test_nothing_is_lowered_and_sloppy_code_stays_what_it_is(text: str, expected: str) -> None:
    assert small(script_js=text + " " * 20) == {"script.js": expected}


def test_a_factory_that_is_given_require_keeps_its_names() -> None:
    text = "define(function (require) { /* words */ var longName = require('jquery'); return longName; });"
    named = "var factory = function (require) { return require('./b'); }; define(factory);"
    assert small(
        script_js=text, lib__a_js=named, lib__b_js="define(function () { var longName = 1; return longName; });"
    ) == {
        "script.js": 'define(function(require){var longName=require("jquery");return longName});\n',
        "lib/a.js": 'var factory=function(require){return require("./b")};define(factory);\n',
        "lib/b.js": "define(function(){var n=1;return n});\n",
    }


def test_libraries_bundles_and_what_is_minified_already_stay() -> None:
    done = minified(
        lib__vendor__a_js="var  a  =  1;",
        lib__b_min_js="var  b  =  1;",
        lib__c_js="/*! jQuery v1.0 licence */ var  c  =  1;",
        lib__d_js="__webpack_require__( 1 );",
        lib__e_js="var e=1;",
        lib__f_js="var = ;",
        lib__g_js="import  x  from  'x';",
        style_css="a  {}",
    )
    assert done == Minified({}, {}, {})


def test_a_script_that_esbuild_does_not_read_ships_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esbuild_py, "available", lambda: False)  # tree-sitter alone lets it pass
    done = minified(script_js="var  a  =  'of its own';", lib__twice_js="let a = 1; let  a  =  2;")
    assert (done.files, done.refused) == (
        {"script.js": b'var a="of its own";\n'},
        {"lib/twice.js": 'The symbol "a" has already been declared'},
    )


def test_the_linked_script_is_minified_and_modules_beside_it_too(tmp_path: Path) -> None:
    loose = b"var Shared = 1;\nwindow.Shared.x = 2;\ndefine([], function () { return Shared; });\n"
    script = SCRIPT.replace(b"'./lib/greet.js'", b"'./lib/greet.js', './lib/loose.js'")
    folder(tmp_path, widget(files={"script.js": script, "lib/loose.js": loose}))
    (tmp_path / "widgetpack.toml").write_text("[script]\nminify = true\n")
    assert command("build", "-q", cwd=tmp_path).code == EXIT_CLEAN
    with zipfile.ZipFile(tmp_path / "dist/widget.zip") as packed:
        texts = {name: bare(packed.read(name).decode()) for name in packed.namelist() if name.endswith(".js")}
    widget_text = re.compile(
        r"(?: |\()function\(u,e\)\{return function\(\)\{this\.callbacks=\{.*?e\(u\).*?\}\}\}\)?\(n"
    )
    texts["script.js"] = widget_text.sub(" WIDGET(n", texts["script.js"])
    assert texts == {
        "lib/loose.js": "var Shared=1;window.Shared.x=2,define([],function(){return Shared});\n",
        "script.js": 'define(["jquery","./lib/loose.js"],function(n,t){var r=function(){return function(){return!0}}();'
        "return WIDGET(n,r,t)});\n",
    }


def test_a_minified_script_depends_on_what_it_did() -> None:
    linked = link(
        {"script.js": b"define(['./a.js', 'moment'], function (a) { return a; });", "a.js": b"define({ a: 1 });"}
    )
    text = minify(linked.files, Config(Path(__file__).parent)).files["script.js"].decode()
    assert text.startswith('define(["moment"],function(')


@runs_anywhere
def test_without_esbuild_the_two_ways_to_get_it_are_said(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    none = {
        "PATH": "/nowhere",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
        "LOCALAPPDATA": str(tmp_path),
    }
    done = command("build", "-q", "--minify", cwd=tmp_path, **none)
    assert (done.code, done.out, done.err.splitlines()[-1]) == (
        EXIT_TOOL,
        "",
        "  try: `widgetpack toolchain install`, or `npm install --save-dev esbuild` in the project",
    )
    assert not (tmp_path / "dist").exists()
    assert command("build", "-q", cwd=tmp_path, **none).code == EXIT_CLEAN
    assert command("validate", "-q", cwd=tmp_path, **none).code == EXIT_CLEAN


@runs_anywhere
@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell")
def test_an_esbuild_that_refuses_without_a_place_is_named(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    broken = tmp_path / "esbuild"
    broken.write_text('#!/bin/sh\n[ "$1" = --version ] && echo 0.28.2 && exit 0\necho no >&2\nexit 1\n')
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "widgetpack.toml").write_text(f"[script]\nminify = true\nesbuild = {json.dumps(str(broken))}\n")
    done = command("build", "-q", cwd=tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    words = f"widgetpack: {broken} ([script] esbuild): does not minify a script that it reads"
    assert (done.code, done.err.splitlines()[0]) == (EXIT_TOOL, words)


@runs_anywhere
def test_raw_and_minify_contradict_each_other_and_a_raw_build_ignores_the_config(tmp_path: Path) -> None:
    folder(tmp_path, widget())
    done = command("build", "--raw", "--minify", cwd=tmp_path)
    words = "widgetpack: --raw leaves the scripts as they are, and --minify changes them"
    assert (done.code, done.err.splitlines()[0]) == (EXIT_USAGE, words)
    (tmp_path / "widgetpack.toml").write_text("[script]\nminify = true\n")
    assert command("build", "--raw", "-q", cwd=tmp_path).code == EXIT_CLEAN
    with zipfile.ZipFile(tmp_path / "dist/widget.zip") as packed:
        assert packed.read("script.js") == SCRIPT


@runs_anywhere
def test_minify_is_refused_where_the_config_leaves_the_scripts_as_they_are(tmp_path: Path) -> None:
    folder(tmp_path / "w", widget())
    (tmp_path / "w/widgetpack.toml").write_text("[script]\nbundle = false\n")
    for arguments, environ, name in (
        (["--minify"], {}, "--minify"),
        ([], {"WIDGETPACK_MINIFY": "1"}, "WIDGETPACK_MINIFY"),
    ):
        done = command("build", "w", *arguments, cwd=tmp_path, **environ)
        words = f"{name} changes the scripts, and `bundle = false` in w/widgetpack.toml leaves them as they are"
        assert (done.code, done.err) == (EXIT_USAGE, f"widgetpack: {words}\n  try: use one of the two\n")
    assert not (tmp_path / "w/dist").exists()


@runs_anywhere
def test_only_a_public_widget_is_told_that_moderation_reads_code() -> None:
    words = "moderation asks for code that people can read"
    lines = "".join(f"var x{n}=function(a,b){{return a+b}};" for n in range(100)).encode()
    packed = tree(widget(files={"script.js": SCRIPT.replace(b"\n", b"").replace(b" ", b"") + lines}), is_archive=True)
    for audience, target, severity in (("public", "amocrm", "warning"), ("public", "kommo", "info")):
        given = {"audience": audience, "target": target, "select": ("S36",)}
        asked = [item for item in findings(widget(), script=ScriptOptions(minify=True), **given) if item.code == "S36"]
        found = [item for item in findings(packed, **given) if item.code == "S36"]
        assert brief(tuple(asked)) == [f"S36 {severity} script.js:1:1 `minify` is on: {words}"]
        assert brief(tuple(found)) == [f"S36 {severity} script.js:1:1 minified: {words}"]
    assert findings(widget(), script=ScriptOptions(minify=True)) == ()
    assert findings(widget(), script=ScriptOptions(minify=True), bundle=False, audience="public") == ()
    assert RULES["S36"].slug == "minified_code"

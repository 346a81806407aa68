"""The linker: what is linked, what stays outside and why, and the exact text for small packages."""

from __future__ import annotations

import pytest
from builders import needs_esbuild
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetpack.bundle.amd import Linked, link, missing_dependencies
from widgetpack.scripts.dependencies import rebased

ENTRY = "define(['./lib/a.js', 'jquery'], function (A, $) { return A; });"
LEAF = "define([], function () { return 1; });"


def package(**others: str) -> dict[str, bytes]:
    """Build a package; ``__`` in a name stands for a slash and the last ``_`` for a dot."""
    named = {".".join(n.replace("__", "/").rsplit("_", 1)): t.encode() for n, t in others.items()}
    return {"manifest.json": b"{}", "script.js": ENTRY.encode(), "lib/a.js": LEAF.encode(), **named}


def linked(**others: str) -> Linked:
    return link(package(**others), lower=False)


def text(result: Linked) -> str:
    return result.files["script.js"].decode()


def test_two_files_become_one() -> None:
    result = linked()
    assert text(result) == (
        'define(["jquery"], function (p1) {\nvar m1 = (function () { return 1; })();\n'
        "return (function (A, $) { return A; })(m1, p1);\n});"
    )
    assert result == Linked(
        {"manifest.json": b"{}", "script.js": result.files["script.js"]},
        ("lib/a.js", "script.js"),
        {},
        "",
        (
            ("script.js", len("define")),
            ("", len('(["jquery"], ')),
            ("", len("function (p1) {\n")),
            ("lib/a.js", len("var m1 = (function () { return 1; })();\n")),
            ("script.js", len("return (function (A, $) { return A; })(m1, p1);\n}")),
            ("", len(")")),
            ("script.js", len(";")),
        ),
    )


@needs_esbuild
def test_lowering_drops_comments() -> None:
    result = link(package(script_js=ENTRY + "// " + "-" * 99, lib__a_js="/* " + "-" * 99 + " */" + LEAF))
    assert text(result) == (
        'define(["jquery"], function (p1) {\nvar m1 = (function() {\n  return 1;\n})();\n'
        "return (function(A, $) {\n  return A;\n})(m1, p1);\n});\n"
    )


def test_what_stands_around_the_define_stays() -> None:
    result = linked(script_js="window.X = window.X || {};\n" + ENTRY + "\nwindow.Y = 1;")
    assert text(result).startswith("window.X = window.X || {};\ndefine(")
    assert text(result).endswith("});\nwindow.Y = 1;")


def test_literal_requires_become_variables() -> None:
    result = linked(
        script_js="define(function (require) { return require('./lib/b.js'); });",
        lib__b_js="define(function (require, exports) { exports.a = require('./a.js') + require('jquery').x; });",
    )
    assert text(result) == (
        'define(["require", "jquery"], function (p1, p2) {\n'
        "function h1(f, a, x, m) {\n"
        'if ({}.toString.call(f) != "[object Function]") return f;\n'
        "f = f.apply(x, a);\n"
        "return f === void 0 ? m ? m.exports : x : f;\n"
        "}\n"
        "var m1 = {};\n"
        "var m2 = (function () { return 1; })();\n"
        "m1 = h1(function (require, exports) { exports.a = m2 + p2.x; }, [void 0, m1], m1);\n"
        "return (function (require) { return m1; })(p1);\n"
        "});"
    )


def test_external_ids_are_listed_once_and_rebased() -> None:
    result = linked(
        lib__a_js="define(['jquery', './b.js?v=1', '../c.js?v=' + Date.now(), 'text!./t.html?x', 'http://a/b.js'], function () {});"
    )
    assert text(result).split("], ")[0] == (
        'define(["jquery", "./lib/b.js?v=1", \'./c.js?v=\' + Date.now(), "text!./lib/t.html?x", "http://a/b.js"'
    )


def test_comment_after_the_factory_swallows_nothing() -> None:
    result = linked(
        script_js="define(['./lib/a.js'], (A) => { return A; } // end\n);", lib__a_js="define({ a: 1 } // end\n);"
    )
    assert text(result) == "define([], () => {\nvar m1 = { a: 1 };\nreturn ((A) => { return A; } // end\n)(m1);\n});"


def test_fresh_names_are_free_everywhere() -> None:
    assert "var m_1 = (function () { return m2; })();" in text(
        linked(lib__a_js="define([], function () { return m2; });")
    )


def test_output_is_no_larger_than_the_sources() -> None:
    files = package(
        script_js="define(['./lib/a.js', './lib/b.js'], function (A, B) { return A + B; });", lib__b_js=LEAF
    )
    names = ("script.js", "lib/a.js", "lib/b.js")
    assert len(link(files).files["script.js"]) <= sum(len(files[n]) for n in names) + len("\nvar  = ;") * len(names)


def test_linking_is_deterministic() -> None:
    files = package(lib__b_js=LEAF, script_js="define(['./lib/b.js', './lib/a.js'], function () {});")
    assert link(dict(reversed(list(files.items())))).files["script.js"] == link(files).files["script.js"]


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("var a = ;", "unexpected `=`"),
        ("window.A = 1;", "it has no define: it is a plain script"),
        ("define({}); define({});", "it calls define 2 times"),
        ("define('a', [], function () {});", 'its define names the module ("a")'),
        ("define(list, function () {});", "its list of dependencies is computed"),
        ("define([...list], function () {});", "its list of dependencies is computed"),
        ("define(['x']);", "its define has no factory"),
        ("define(make());", "its factory cannot be seen, so what it asks for is not known"),
        ("window.define([], function () {});", "it calls window.define"),
        ("import x from 'x'; define([], function () {});", "it has import or export statements"),
        (
            "define(['module'], function (module) { return module.id; });",
            "it uses `module` for more than `module.exports`",
        ),
        (
            "define(['module'], function (module) { var a = 'lib/*'; return module; });",
            "it uses `module` for more than `module.exports`",
        ),
        (
            f"define(['module'], function{' ' * 100_000}(module) {{ /* */ return ['/*', module]; }});",
            "it uses `module` for more than `module.exports`",
        ),
        ("define([], function () { return document.currentScript; });", "it looks for its own script element"),
        ("define([base + './x.js'], function () {});", "a dependency is computed (base + './x.js')"),
        ("var v = 1; define(['./x.js?v=' + v], function () {});", "a dependency is computed ('./x.js?v=' + v)"),
        ("var Shared = 1; window.Shared.x = 2; define([], function () {});", "it declares the global `Shared`"),
    ],
)
def test_module_that_cannot_be_linked_stays(module: str, reason: str) -> None:
    files = package(lib__a_js=module)
    assert link(files, lower=False) == Linked(
        files, (), {"lib/a.js": reason}, "script.js: no file that it asks for can be linked"
    )


def test_what_an_outside_module_asks_for_stays_too() -> None:
    result = linked(
        script_js="define(['./lib/a.js', './b.js', './c.js'], function () {});",
        lib__a_js="window.define(['../b.js'], function () {});",
        b_js=LEAF,
        c_js=LEAF,
    )
    assert result.modules == ("c.js", "script.js")
    assert result.kept == {
        "lib/a.js": "it calls window.define",
        "b.js": "lib/a.js, which stays a file of its own, asks for it",
    }
    assert text(result).startswith('define(["./lib/a.js", "./b.js"], function (p1, p2) {\n')


def test_what_another_amd_file_asks_for_stays() -> None:
    result = linked(personal_page_js="define(['./lib/a.js'], function () {});")
    assert result.kept == {"lib/a.js": "personal_page.js, which stays a file of its own, asks for it"}


@pytest.mark.parametrize(
    ("other", "stays"),
    [
        ("define(['./a.js'], function (Tool) { return Tool; });", False),
        ("define(['./a.js'], function (a) { return Tool; });", True),
        ("define(['./a.js'], function (a) { return window.Tool; });", True),
        ("define(['./a.js'], function (a) { return a.Tool; });", False),
        ("define(['./a.js'], function (a) { return '<a onclick=\"Tool.go()\">'; });", True),
        ("define(['./a.js'], function (a) { return 'Tool'.length; /* Tool.x */ });", True),
        ("define(['./a.js'], function (a) { return 'a Tool b'.length; /* Tool.x */ });", False),
    ],
)
def test_global_that_another_file_uses_keeps_its_script(other: str, stays: bool) -> None:
    result = linked(
        script_js="define(['./lib/b.js'], function () {});",
        lib__b_js=other,
        lib__a_js="var Tool = {}; define([], function () { return Tool; });",
    )
    assert result.kept == ({"lib/a.js": "it declares the global `Tool`, which lib/b.js mentions"} if stays else {})


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("var a = ;", "script.js: unexpected `=`"),
        ("x();", "script.js: it has no define: it is a plain script"),
        ("define({}); define({})", "script.js: it calls define 2 times"),
        ("define('n', ['./lib/a.js'], function () {});", 'script.js: its define names the module ("n")'),
        ("define(['jquery'], function () {});", "script.js: it asks for no file of the package"),
        (
            "(function () { 'use strict'; define(['./lib/a.js'], function () {}); })();",
            'script.js: its define stands in a function with "use strict", and lib/a.js is not strict',
        ),
        (
            "'use strict'; function f() {} define(['./lib/a.js'], f);",
            "script.js: it is strict as a whole and holds more than its define, and lib/a.js is not strict",
        ),
    ],
)
def test_entry_that_cannot_be_linked_comes_back(script: str, reason: str) -> None:
    files = package(script_js=script)
    assert link(files, lower=False) == Linked(files, (), {}, reason)


def test_entry_inside_a_function_must_not_catch_a_module_s_names() -> None:
    files = package(
        script_js="(function () { var $ = 1; define(['./lib/a.js'], function () {}); })();",
        lib__a_js="define([], function () { return $; });",
    )
    reason = "script.js: its define stands in a function that declares `$`, a name that lib/a.js uses"
    assert link(files, lower=False) == Linked(files, (), {}, reason)


def test_package_without_an_entry_comes_back() -> None:
    assert link({"manifest.json": b"{}"}) == Linked({"manifest.json": b"{}"}, (), {}, "there is no script.js")


@needs_esbuild
def test_entry_without_modules_is_lowered() -> None:
    files = package(script_js="/* " + "-" * 99 + " */ define(['jquery'], function ($) { return 1; });")
    assert text(link(files)) == 'define(["jquery"], function($) {\n  return 1;\n});\n'


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (
            {"templates__x_twig": "<script src='lib/a.js'>"},
            "linked into the script, and still named in templates/x.twig",
        ),
        (
            {"templates__x_twig": "load('lib/' + name)"},
            "linked into the script, and its folder lib/ is still named in templates/x.twig",
        ),
        (
            {"templates__x_twig": "load(`lib/${name}`)"},
            "linked into the script, and its folder lib/ is still named in templates/x.twig",
        ),
        ({"templates__x_twig": "'./lib/a' + '.js'"}, "linked into the script, and still named in templates/x.twig"),
        ({"templates__x_twig": "data.js"}, ""),
        ({"style_css": "/* loaded by lib/a.js */"}, ""),
    ],
)
def test_linked_file_that_is_named_elsewhere_stays(other: dict[str, str], why: str) -> None:
    result = linked(**other)
    assert ("lib/a.js" in result.files, result.kept) == (bool(why), {"lib/a.js": why} if why else {})


def test_what_the_linker_writes_keeps_no_file() -> None:
    result = linked(
        script_js="define(['./lib/a.js'], function (a) { return a; });",
        lib__a_js="define(['require', './b.js'], function (require, b) { return function (id) { return require(id); }; });",
        lib__b_js="var x = 1; define(['./c.js'], function (c) { return c; });",
        lib__c_js="define({});",
    )
    assert (sorted(result.files), result.kept) == (["manifest.json", "script.js"], {})


def test_text_and_json_become_values() -> None:
    result = linked(
        script_js="define(['text!./t.html', 'json!./d.json'], function (t, d) { return [t, d]; });",
        t_html='<b a="1">\n',
        d_json=' {"a": 1}\n',
    )
    assert text(result) == (
        'define([], function () {\nvar m1 = \'<b a="1">\\n\';\nvar m2 = {"a": 1};\nreturn (function (t, d) { return [t, d]; })(m1, m2);\n});'
    )
    assert sorted(result.files) == ["lib/a.js", "manifest.json", "script.js"]


def test_manifest_and_texts_never_leave() -> None:
    result = linked(
        script_js="define(['json!./manifest.json', 'json!./i18n/en.json'], function (m, e) {});", i18n__en_json="{}"
    )
    assert sorted(result.files) == ["i18n/en.json", "lib/a.js", "manifest.json", "script.js"]


def test_data_that_cannot_be_read_stays() -> None:
    files = {
        **package(script_js="define(['text!./t.html', 'json!./d.json', './lib/a.js'], function () {});", d_json="{,}"),
        "t.html": b"\xff",
    }
    result = link(files, lower=False)
    assert result.kept == {"t.html": "it is not UTF-8", "d.json": "it is not JSON"}
    assert text(result).startswith('define(["text!./t.html", "json!./d.json"], function (p1, p2) {\n')


def test_missing_dependencies_have_a_place_and_suggestions() -> None:
    files = package(
        script_js="define(['./lib/A.js', './lib/a', 'text!./none.html', './b.js?v=1', 'jquery', './lib/b.js'], function () {});",
        lib__b_js="window.define(['./c.js', '../../out.js', './lib/a.js', '../b'], function () {});",
    )
    found = missing_dependencies(files)
    assert [(m.path, m.dependency.id, m.suggestions) for m in found] == [
        ("script.js", "./lib/A.js", ("lib/a.js",)),
        ("script.js", "text!./none.html", ()),
        ("script.js", "./b.js?v=1", ("lib/b.js",)),
        ("lib/b.js", "./c.js", ()),
        ("lib/b.js", "../../out.js", ()),
        ("lib/b.js", "./lib/a.js", ("lib/a.js",)),
        ("lib/b.js", "../b", ("lib/b.js",)),
    ]
    assert [files[m.path][m.dependency.offset : m.dependency.end].decode() for m in found][:2] == [
        "'./lib/A.js'",
        "'text!./none.html'",
    ]


def test_missing_dependency_stays_in_the_list() -> None:
    result = linked(script_js="define(['./none.js', './lib/a.js'], function () {});")
    assert text(result).startswith('define(["./none.js"], function (p1) {\n')


def test_a_long_chain_is_linked_without_recursion() -> None:
    count = 1500
    files = {f"m{i}.js": f"define(['./m{i + 1}.js'], function (x) {{ return x + 1; }});".encode() for i in range(count)}
    files |= {f"m{count}.js": b"define({});", "script.js": b"define(['./m0.js'], function () {});"}
    assert len(link(files, lower=False).modules) == count + 2


PARTS = st.sampled_from(
    ["define(", "['./a.js'", ", './b.js']", "function (require, exports, module) {", "require('./b.js')", "}", ")", ";", "\n", "'use strict';",
     "(", "{", "=>", "return 1;", "text!./a.js", "`${", "//", "/*", "*/", "\0", "\ud800", "module.exports = 1;", "var a = define"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("identifier", "folder", "home", "expected"),
    [
        ("./a.js", "lib", "", "./lib/a.js"),
        ("../a.js", "lib", "", "./a.js"),
        ("../../a.js", "lib", "", "../a.js"),
        ("./a/../b.js?v=../c", "lib", "", "./lib/b.js?v=../c"),
        ("../", "lib", "", "./"),
        ("./", "", "", "./"),
        ("../", "lib/deep", "", "./lib/"),
        ("./a.js", "", "lib", "../a.js"),
        ("jquery", "lib", "", "jquery"),
    ],
)
def test_relative_id_is_rebased(identifier: str, folder: str, home: str, expected: str) -> None:
    assert rebased(identifier, folder, home) == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=14), st.lists(PARTS, max_size=14), st.lists(PARTS, max_size=14))
def test_linking_never_raises(entry: list[str], first: list[str], second: list[str]) -> None:
    sources = {
        "script.js": "define(['./a.js'], function () {});" + "".join(entry),
        "a.js": "".join(first),
        "b.js": "".join(second),
    }
    files = {n: t.encode("utf-8", "surrogatepass") for n, t in sources.items()}
    assert set(link(files).files) <= set(files)
    assert isinstance(missing_dependencies(files), tuple)

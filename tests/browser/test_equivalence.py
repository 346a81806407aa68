"""The linked script does what the files did: both run in headless Chromium under RequireJS and jQuery of the platform."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from chromium import HERE, Files, Log, need, visit

from widgetpack.bundle.amd import link
from widgetpack.bundle.minify import minify
from widgetpack.config.settings import Config
from widgetpack.errors import WidgetpackError
from widgetpack.toolchain.find import find_esbuild


def widget(script: str, **others: str) -> Files:
    """Build a package from texts; ``__`` in a name stands for a slash, ``_`` before an ending for a dot."""
    files = {re.sub(r"_(js|html|json|twig)$", r".\1", n.replace("__", "/")): t.encode() for n, t in others.items()}
    return {"manifest.json": b"{}", "script.js": script.encode(), **files}


CALLS = "return function () { this.callbacks = { render: function () { %s return true; } }; };"

CASES: dict[str, Files] = {
    "paths of every spelling name one module": widget(
        'define(["./lib/a.js", "./lib/../lib/a.js", "./lib/deep/b.js"], function (A, B, C) { log(A === B, A === C.a, C);'
        + CALLS % "log(A.n);"
        + "});",
        lib__a_js='define([], function () { log("a"); return { n: 1 }; });',
        lib__deep__b_js='define(["../a.js", "../../c.js", "jquery"], function (a, c, $) { log("b", $ === jQuery); return { a: a, c: c }; });',
        c_js='define(["./lib/a.js"], function (a) { log("c", a); return "c"; });',
    ),
    "an id without an ending": widget(
        'define(["./lib/a"], function (A) { log(A); return function () {}; });',
        lib__a_js='define(function () { log("a", arguments.length); return 5; });',
    ),
    "order is depth first": widget(
        'log("file"); define(["./a.js", "./b.js", "moment", "./c.js"], function (a, b, m, c) { log(a, b, c); return function () {}; }); log("end");',
        a_js='define(["./c.js"], function (c) { log("a"); return "a" + c; });',
        b_js='define(["./a.js", "./d.js"], function (a, d) { log("b"); return "b" + a + d; });',
        c_js='define(function () { log("c"); return "c"; });',
        d_js='define(["./c.js"], function (c) { log("d"); return "d" + c; });',
    ),
    "a circle of arrays": widget(
        'define(["./a.js"], function (a) { log(a()); return function () {}; });',
        a_js='define(["./b.js"], function (b) { log("a", typeof b); return function () { return "a" + b(); }; });',
        b_js='define(["require", "./a.js"], function (require, a) { log("b", typeof a); return function () { return typeof require("./a.js"); }; });',
    ),
    "a circle of exports": widget(
        'define(["./a.js", "./b.js"], function (a, b) { log(a.name(), b.other(), a, b); return function () {}; });',
        a_js='define(["exports", "./b.js"], function (exports, b) { log("a", b); exports.name = function () { return "a"; }; exports.b = b.other; });',
        b_js='define(["exports", "./a.js"], function (exports, a) { log("b", a, this === exports); exports.other = function () { return a.name(); }; });',
    ),
    "a circle that asks too early": widget(
        'define(["./a.js"], function (a) { log(a); return function () {}; });',
        a_js='define(function (require) { var b = require("./b.js"); log("a", b.late()); return "A"; });',
        b_js='define(function (require) { try { log(require("./a.js")); } catch (e) { log("early"); } return { late: function () { try { return require("./a.js"); } catch (e) { return "not yet"; } } }; });',
    ),
    "a circle through the entry": widget(
        'define(["exports", "./a.js"], function (exports, a) { exports.late = "x"; log(a()); });',
        a_js='define(["./script.js"], function (entry) { log("a", entry); return function () { return entry.late; }; });',
    ),
    "simplified CommonJS": widget(
        'define(function (require, exports, module) { var a = require("./lib/a.js"), $ = require("jquery"); log(a, $ === jQuery, a.twice(2)); module.exports = function () { this.callbacks = { init: function () { return require("./lib/a.js").twice(4); } }; }; });',
        lib__a_js='define(function (require, exports, module) { var b = require("./b.js"); /* require("./none.js") */ exports.twice = function (n) { return b(n); }; log("a", this === exports, module.exports === exports); });',
        lib__b_js='define(function (require, exports, module) { log("b"); module.exports = function (n) { return n * 2 + require("../c.js").c; }; });',
        c_js='define(["module"], function (module) { module.exports = { c: 3 }; });',
    ),
    "an exports list with a return": widget(
        'define(["require", "exports", "module", "./x.js"], function (r, e, m, x) { log(r("./x.js") === x, this === e, m.exports === e); return function () {}; });',
        x_js='define(["exports"], function (e) { e.lost = 1; return { kept: 2 }; });',
    ),
    "a require that is computed": widget(
        'define(["require", "./lib/a.js"], function (require, a) { log(a); var n = "./lib/a.js"; log(require(n) === a);'
        # later.js is waited for here too: two answers of a network come in no order.
        + CALLS
        % 'require(["./lib/later.js", "./lazy.js", "./lib/a.js"], function (l, lazy, again) { log(l, lazy, again === a); });'
        + "});",
        lib__a_js='define(["require", "../b.js"], function (require, b) { var name = "../b"; log(require(name + ".js") === b, require.toUrl("./t.html"), require.defined("../b.js"), require.defined("./none.js")); require(["./later.js"], function (l) { log("later", l); }); return { a: 1 }; });',
        lib__later_js='define(function () { return "later"; });',
        b_js="define({ b: 1 });",
        lazy_js='define(["./lib/only.js"], function (o) { return ["lazy", o]; });',
        lib__only_js="define({ only: 1 });",
    ),
    "object modules and other factories": widget(
        'define(["./o.js", "./f.js", "./g.js", "./h.js", "./e.js"], function (o, f, g, h, e) { log(o, f, g, h, typeof e); return function () {}; });',
        o_js="define({ a: 1, f: function () { return 1; } });",
        f_js='define(["jquery"], (function () { log("made"); return function ($) { log($ === jQuery); return "f"; }; })());',
        g_js='define([], "text".length);',
        h_js="define(() => ({ arrow: this === window }));",
        e_js="define(async function () { return 1; });",
    ),
    "UMD and files with more than a define": widget(
        'window.Shared = window.Shared || {}; define(["./umd.js", "./top.js", "./strict.js", "./nodeps.js"], function (u, t, s, n) { log(u, t, s, n); return function () {}; });',
        umd_js='(function (root, factory) { if (typeof define === "function" && define.amd) define(["exports", "jquery"], factory); else factory(root.U = {}, root.$); })(this, function (exports, $) { log("umd", this === exports); exports.ok = $ === jQuery; }); // end',
        top_js='log("top", this === window, typeof Shared); var helper = function () { return "h" + arguments.length; };\ndefine(["./inner.js"], function (i) { log("run"); return helper(i); });\n-->  legacy',
        inner_js='#!/usr/bin/env node\nlog("inner file"); define([], function () { log("inner"); return 1; });',
        strict_js='"use strict"; define([], function () { return (function () { return this === undefined; })(); });',
        nodeps_js='!function (t, e) { "object" == typeof exports && "undefined" != typeof module ? module.exports = e() : "function" == typeof define && define.amd ? define(e) : t.day = e(); }(this, function () { return { day: (function () { return this === window; })() }; });',
    ),
    "a strict entry": widget(
        '"use strict";\ndefine(["./loose.js"], function (l) { log(l, (function () { return this; })()); return function () {}; });',
        loose_js="define([], function () { leak = 1; return [(function () { return this === window; })(), typeof leak]; });",
    ),
    "texts and JSON": widget(
        'define(["text!./t.html", "json!./lib/d.json", "./lib/m.js"], function (t, d, m) { log(t, d, m.t === t, m.d === d, m.same, Object.keys(m.p)); return function () {}; });',
        t_html='\ufeff<p class="a">it\'s\r\n\\ \u2028 é</p>',
        lib__d_json='{"a": [1, -0, 1e3, "\u2028"], "b": null}',
        lib__p_json='{"__proto__": {"x": 1}, "y": 2}',
        lib__m_js='define(["text!../t.html", "json!./d.json", "json!./p.json"], function (t, d, p) { return { t: t, d: d, p: p, same: p.x }; });',
    ),
    "what stays outside": widget(
        'var V = 1;\ndefine(["./lib/app.js?v=1", "./lib/m.js", "./lib/v.js?v=" + V, "./plain.js", "underscore"], function (app, m, v, p, _) { log(app, m, v, p, Plain, _); return function () {}; });',
        lib__app_js='define(["./shared.js"], function (s) { log("app"); return s; });',
        lib__m_js='define(["./shared.js", "./n.js", "./app.js?v=" + (1 + 0)], function (s, n, app) { log("m"); s.count++; return [s, n, app === s]; });',
        lib__n_js='define(["underscore"], function (_) { return _.name; });',
        lib__v_js="define({ v: 1 });",
        lib__shared_js='define([], function () { log("shared"); return { count: 0 }; });',
        plain_js="window.Plain = 1;",
    ),
    "a define inside a function": widget(
        '(function () { var inner = 1; window.define(["./a.js"], factory); function factory(a) { log(a, inner); return function () {}; } })();',
        a_js='define(["jquery"], function ($) { return 7; });',
    ),
    "a strict function around strict modules": widget(
        '(function () { "use strict"; define(["./a.js", "./b.js"], function (a, b) { log(a, b, this === undefined); return function () {}; }); })();',
        a_js='"use strict"; define([], function () { return (function () { return typeof this; })(); });',
        b_js='define([], function () { "use strict"; return this === undefined; });',
    ),
    "globals of a module file": widget(
        'define(["./a.js", "./b.js"], function (a, b) { log(a, b, typeof Used); return function () {}; });',
        a_js='var Used = "used"; define([], function () { return Used; });',
        b_js='var own = "own"; let block = 1; function f() { return own + block; } define(["./a.js"], function (a) { return f() + Used; });',
    ),
    "arrows, classes and comments at the end": widget(
        'define(["./a.js", "./c.js"], (a, C) => { log(a, new C().n); return function () {}; } // end\n);',
        a_js='define(["jquery"], ($) => typeof $ // end\n); // more',
        c_js="define(() => class { constructor() { this.n = 1; } } /* end */)",
    ),
    "names that a fresh variable could meet": widget(
        'var m1 = "global", p1 = "page";\ndefine(["./a.js", "jquery"], function (a, $) { log(a, m1, p1); return function () {}; });',
        a_js='define(["jquery"], function (m2) { return [m1, p1, m2 === jQuery]; });',
    ),
    "a factory that throws": widget(
        'define(["./a.js"], function (a) { log("never"); return function () {}; });',
        a_js='define([], function () { log("a"); throw new Error("broken"); });',
    ),
    "other alphabets and JSX-free lowering": widget(
        'define(["./слова.js"], function (Ж) { /* comment */ log(Ж.привет, `т${1}`, "\\u0041\\\\u0430", "😀"); return function () {}; });',
        слова_js='// words\ndefine([], function () { const ключ = "значение"; return { привет: ключ, [`${ключ}я`]: /[бж]+/.test("ж") }; });',
    ),
}


def sample() -> Files:
    """Read this project's own sample widget."""
    root = HERE.parent.parent / "sample_widget"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.suffix in {".js", ".json", ".css", ".twig"}
    }


CASES["the sample widget"] = sample()


def birthday() -> Files | None:
    """Read the vendor's widget from the folder that WIDGETPACK_BIRTHDAY names."""
    folder = os.environ.get("WIDGETPACK_BIRTHDAY")
    if not folder:
        return None
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def minified(files: Files) -> Files:
    linked = link(files).files
    return {**linked, **minify(linked, Config(HERE)).files}


def has_esbuild() -> bool:
    try:
        find_esbuild(Config(HERE))
    except WidgetpackError:
        return False
    return True


VARIANTS = ["linked", "unlowered", *(["minified"] if has_esbuild() else [])]


@pytest.fixture(scope="module")
def logs() -> dict[str, Log]:
    packages: dict[str, Files] = {}
    cases = list(CASES.values()) + ([b] if (b := birthday()) else [])
    for index, files in enumerate(cases):
        packages[f"{index}/original"] = files
        packages[f"{index}/linked"] = link(files).files
        packages[f"{index}/unlowered"] = link(files, lower=False).files
        if "minified" in VARIANTS:
            packages[f"{index}/minified"] = minified(files)
    return visit(packages)


def told(logs: dict[str, Log], index: int, variant: str, mode: str) -> Log:
    """Return what a run logged; what the network may reorder while loading is sorted."""
    log = logs[f"/run/{index}/{variant}/page.html?{mode}"]
    loading = [e for e in log if e[0] == "load"]
    return (loading if mode == "sync" else sorted(loading)) + [e for e in log if e[0] != "load"]


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("index", range(len(CASES)), ids=list(CASES))
def test_linked_widget_does_what_its_files_did(logs: dict[str, Log], index: int, variant: str, mode: str) -> None:
    original = told(logs, index, "original", mode)
    assert original
    assert told(logs, index, variant, mode) == original


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_birthday_widget_does_what_its_files_did(logs: dict[str, Log], variant: str, mode: str) -> None:
    if birthday() is None:
        pytest.skip("WIDGETPACK_BIRTHDAY names no folder")
    original = told(logs, len(CASES), "original", mode)
    assert len(original) > len(("value", "render", "settings", "init"))
    assert told(logs, len(CASES), variant, mode) == original


def test_minified_scripts_are_compared_as_well() -> None:
    need("minified" in VARIANTS, "no esbuild (`widgetpack toolchain install`)")
    files = CASES["the sample widget"]
    assert len(minified(files)["script.js"]) < len(link(files).files["script.js"]) * 2 // 3


@pytest.mark.parametrize("name", list(CASES))
def test_case_is_linked(name: str) -> None:
    assert link(CASES[name]).reason == ""

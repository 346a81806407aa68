"""Whether what was bundled can be the module of the page: what an entry exports, and calls of `define` where none has an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import SCRIPT, brief
from native_builders import CALLBACKS, INDEX, built, needs_native, project, run, runs_anywhere, script

from widgetpack.config.settings import read_config
from widgetpack.native.build import read_build
from widgetpack.pipeline import build, validate

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

NO_CONSTRUCTOR = "as default; the platform needs a constructor function"
INSIDE = "inside of another script: export the module instead"


def errors(home: Path) -> list[str]:
    return [line for line in brief(validate(home, read_config(home)).findings) if line.startswith("B")]


@pytest.mark.parametrize(
    ("text", "place", "exported"),
    [
        ("export default () => ({});", "1:16", "an arrow function"),
        ("export default w => w;", "1:16", "an arrow function"),
        ("export default (w: any): void => {};", "1:16", "an arrow function"),
        ("const W = (a: any) => a;\nexport default W;", "2:16", "an arrow function"),
        ("export default async function W() {}", "1:16", "an async function"),
        ("const W: any = async function () {};\nexport default W", "2:16", "an async function"),
        ("export default { callbacks: {} };", "1:16", "an object"),
        ("const exportsOf = undefined;\nexport default { exportsOf };", "2:16", "an object"),
        ("class W {}\nexport default new W();", "2:16", "an object"),
        ("export default 'text';", "1:16", "a plain value"),
        ("export const W = function () {};", "1:1", "nothing"),
        ("new Date();", "1:1", "nothing"),
    ],
)
def test_an_entry_that_exports_no_constructor_is_an_error(tmp_path: Path, text: str, place: str, exported: str) -> None:
    home = project(tmp_path, {"src/index.ts": text})
    assert errors(home) == [f"B07 error src/index.ts:{place} exports {exported} {NO_CONSTRUCTOR}"]


@pytest.mark.parametrize(
    "text",
    [
        "export default function () {}",
        "export default class {}",
        "class W {}\nexport default W;",
        "const W = function () {};\nexport { W as default };",
        "export { default } from './w';",
        "export default make();\nfunction make() { return class {}; }",
        "export default (function () {});",
        "export default (() => class {})();",
        "let W: any = () => 1;\nW = class {};\nexport default W;",
        "// export default {}\nexport default class {}",
        "/*\nexport default {}\n*/\nexport default class {}",
        "const types = 'image/*';\nexport default class {}\n/* end */",
        "const pattern = /[/*]/;\nexport default class {}\n/* end */",
        "class W {}\nexport = W;",
        "const W = {};\nmodule.exports = W;",
        "export default {};\nwindow.define([], () => class {});",
    ],
)
def test_an_entry_that_may_export_a_constructor_is_left_alone(tmp_path: Path, text: str) -> None:
    home = project(tmp_path, {"src/index.ts": text, "src/w.ts": "export default class {}"})
    assert errors(home) == []


def test_only_the_script_of_the_widget_has_to_export_a_constructor(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {"src/index.ts": INDEX, "src/frame.ts": "export default { a: 1 };"}
    home = project(tmp_path, sources, '[script.entries]\n"lib/frame.js" = "src/frame.ts"\n')
    assert errors(home) == []


def test_a_module_for_the_loader_cannot_be_a_part_of_a_script(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.ts": f"import './old';\nimport p from 'p';\np();\n{INDEX}",
        "src/old.js": "// old\ndefine(['jquery'], function ($) { return $; });\n",
        "node_modules/p/index.js": "define([], function () { return 1; });\n",
    }
    assert errors(project(tmp_path, sources)) == [
        f"B06 error :1:1 a call of `define` in node_modules/p/index.js {INSIDE}",
        f"B06 error src/old.js:2:1 a call of `define` {INSIDE}",
    ]


def test_nor_can_it_beside_an_entry_that_calls_define_itself(tmp_path: Path) -> None:
    entry = f"import './old';\ndefine([], () => function () {{ this.callbacks = {CALLBACKS}; }});\n"
    home = project(tmp_path, {"src/index.js": entry, "src/old.js": "window.define([], () => 1);\n"})
    assert errors(home) == [f"B06 error src/old.js:1:8 a call of `define` {INSIDE}"]


@pytest.mark.parametrize(
    "text",
    [
        "function define(a: string) { return a; }\ndefine('x');\n",
        "(function (f: any) { if (typeof define === 'function' && define.amd) define([], f); else f(); })(() => 1);\n",
        "window.define('named', [], () => 1);\n",
        "export const late = () => window.define([], () => 1);\n",
        "// define([])\nexport const text = 'define([])';\n",
    ],
)
def test_other_calls_of_define_are_no_fault(tmp_path: Path, text: str) -> None:
    home = project(
        tmp_path,
        {
            "src/index.ts": f"import './other';\n{INDEX}",
            "src/other.ts": f"declare const window: any, define: any;\n{text}",
        },
    )
    assert errors(home) == []


def test_a_define_whose_dependencies_are_read_from_its_text_is_an_error(tmp_path: Path) -> None:
    text = f"define(function (require) {{ const $ = require('jquery'); return function () {{ this.callbacks = {CALLBACKS}; $(); }}; }});\n"
    home = project(tmp_path, {"src/index.js": text})
    assert errors(home) == [
        "B06 error src/index.js:1:1 this `define` has no list of dependencies: name them in an array"
    ]


def test_a_source_that_is_not_bundled_for_a_finished_script_is_told(tmp_path: Path) -> None:
    home = project(
        tmp_path, {"public/script.js": "define([], function () { return function () {}; });\n", "src/index.ts": INDEX}
    )
    assert errors(home) == [
        "B08 info src/index.ts:1:1 not bundled: script.js is there, is no ES module and ships as it is"
    ]
    (home / "widgetpack.toml").write_text('[script]\nentry = "src/index.ts"\n')
    assert errors(home) == []
    (home / "widgetpack.toml").write_text("[script]\nbundle = false\n")
    assert errors(home) == []


@runs_anywhere
def test_sources_in_javascript_beside_a_finished_script_are_its_own_affair(tmp_path: Path) -> None:
    assert errors(project(tmp_path, {"public/script.js": SCRIPT, "src/index.js": "export default 1"})) == []


@runs_anywhere
def test_a_finished_script_beside_a_source_is_packed(tmp_path: Path) -> None:
    text = f"define([], function () {{ return function () {{ this.callbacks = {CALLBACKS}; }}; }});\n"
    home = project(tmp_path, {"public/script.js": text, "script.ts": INDEX})
    result = build(home, read_config(home), 315_532_800)
    assert brief(result.findings) == [
        "B08 info script.ts:1:1 not bundled: script.js is there, is no ES module and ships as it is"
    ]
    assert result.target == f"{home}/dist/widget.zip"


def test_what_the_loader_offers_beside_modules_is_there(tmp_path: Path) -> None:
    text = (
        "declare const require: any;\n"
        "(globalThis as any).require.toUrl = (name: string) => `https://a.dev/${name}`;\n"
        "export default () => require.toUrl('x');\n"
    )
    loader = "globalThis.require = Object.assign(globalThis.require, { toUrl: (name) => 'https://a.dev/' + name });\n"
    made = built(tmp_path, {"src/index.ts": text})
    assert run(loader + script(made), "(f) => f()")["value"] == "https://a.dev/x"


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("console.error('function define', 'import define');", "(() => {"),
        ("const of = { define: 1 }, all = define; console.error(of, all);", "(() => {"),
        ("import { define } from './own';", "define([], function () {"),
        ("import define from './own';", "define([], function () {"),
        ("import * as all from './own';\nconst define = all.define;", "define([], function () {"),
        ("class define {}", "define([], function () {"),
    ],
)
def test_an_entry_is_left_as_it_is_only_where_define_is_the_pages(tmp_path: Path, line: str, first: str) -> None:
    entry = f"{line}\ndefine([], () => 3);\n"
    own = "export const define: any = () => 4;\nexport default define;\n"
    code = script(built(tmp_path, {"src/index.ts": entry, "src/own.ts": own}))
    lines = [line for line in code.splitlines() if line != '"use strict";']
    assert lines[0] == first


def test_the_names_of_the_wrapper_are_free_for_sources(tmp_path: Path) -> None:
    text = (
        "import $ from 'jquery';\nimport _ from 'underscore';\n"
        "var __given0 = 1, __given1 = 2, module = { a: 3 }, exports = { b: 4 }, require = () => 5, name = 6, all = 7;\n"
        "export default [$, _, __given0, __given1, module, exports, require(), name, all];\n"
    )
    code = script(built(tmp_path, {"src/index.js": text}))
    assert run(code, jquery="'j'", underscore="'u'")["value"] == ["j", "u", 1, 2, {"a": 3}, {"b": 4}, 5, 6, 7]


def test_callbacks_keep_their_names_in_a_minified_script(tmp_path: Path) -> None:
    made = built(tmp_path, {"src/index.ts": INDEX}, "[script]\nminify = true\n")
    keys = run(script(made), "(W) => Object.keys(new W().callbacks)")["value"]
    assert keys == ["render", "init", "bind_actions", "settings", "onSave", "destroy"]


@runs_anywhere
def test_a_classic_widget_without_sources_is_read_as_ever(tmp_path: Path) -> None:
    home = project(tmp_path, {"public/script.js": SCRIPT})
    made = read_build(home, read_config(home))
    assert (made.facts, made.base, made.tree.bundled) == ((), "", ())

"""Modern sources become one AMD script: which sources, what it depends on and returns, and what ships."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from builders import SCRIPT, archive, brief, findings, folder, widget
from native_builders import CALLBACKS, INDEX, STATIC, built, needs_native, project, run, runs_anywhere, script, told

from widgetpack.config.settings import Config, read_config
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_TOOL, ConfigError, WidgetpackError
from widgetpack.files.sources import read_tree
from widgetpack.listing import list_package
from widgetpack.model import Place
from widgetpack.native.build import read_build
from widgetpack.native.entry import find_entries
from widgetpack.native.facts import Build, UnusedSource
from widgetpack.pipeline import build, validate

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

JQUERY = "Object.assign((x) => x, { fn: 'jquery' })"


def entry_of(home: Path) -> list[str]:
    config = read_config(home)
    return [
        f"{entry.name} < {entry.source.relative_to(home.resolve()).as_posix()}"
        for entry in find_entries(read_tree(home, config), config)
    ]


@runs_anywhere
@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["src/index.ts"], "src/index.ts"),
        (["src/index.tsx", "src/main.ts"], "src/index.tsx"),
        (["src/script.js", "src/main.ts"], "src/script.js"),
        (["src/main.jsx"], "src/main.jsx"),
        (["script.ts", "src/index.ts"], "script.ts"),
        (["public/script.tsx", "src/index.ts"], "public/script.tsx"),
        (["public/script.jsx", "script.ts"], "public/script.jsx"),
    ],
)
def test_the_entry_is_found_by_its_name(tmp_path: Path, sources: list[str], expected: str) -> None:
    project(tmp_path, dict.fromkeys(sources, "export default 1"))
    assert entry_of(tmp_path) == [f"script.js < {expected}"]


@runs_anywhere
def test_an_es_module_is_its_own_source(tmp_path: Path) -> None:
    project(tmp_path, {"public/script.js": "/* widget */\nimport $ from 'jquery';\nexport default $;\n"})
    assert entry_of(tmp_path) == ["script.js < public/script.js"]


@runs_anywhere
@pytest.mark.parametrize(
    "text",
    [
        SCRIPT.decode(),
        "define([], function () { var text = ';import x'; /* export */ return function () {}; });",
        "define([], function () {\n  import('x');\n  return function () {};\n});",
        "export default 1;\ndefine([], function () {});",
        "import (",
    ],
)
def test_a_classic_script_is_what_ships(tmp_path: Path, text: str) -> None:
    project(tmp_path, {"public/script.js": text, "src/index.ts": "export default 1", "script.ts": "export default 2"})
    assert entry_of(tmp_path) == []
    config = read_config(tmp_path)
    unused = (UnusedSource("script.js", Place("script.ts")),)
    assert read_build(tmp_path, config) == Build(read_tree(tmp_path, config), False, unused, tmp_path.as_posix())


def test_a_script_that_the_config_names_is_made_whatever_lies_there(tmp_path: Path) -> None:
    project(tmp_path, {"public/script.js": SCRIPT, "app/w.ts": "export default 1"}, '[script]\nentry = "app/w.ts"\n')
    assert entry_of(tmp_path) == ["script.js < app/w.ts"]
    made = read_build(tmp_path, read_config(tmp_path))
    assert run(script(made))["value"] == 1


@pytest.mark.parametrize("key", ["entry", "env-file"])
def test_a_file_that_the_config_names_must_be_there(tmp_path: Path, key: str) -> None:
    project(tmp_path, {"src/index.ts": INDEX}, f'[script]\n{key} = "none.ts"\n')
    with pytest.raises(ConfigError) as caught:
        read_build(tmp_path, read_config(tmp_path))
    reason = {
        "entry": f"no file {tmp_path}/none.ts",
        "env-file": f"{tmp_path}/none.ts: cannot be read: no such file or directory",
    }
    assert str(caught.value) == f"{tmp_path}/widgetpack.toml:2:1: `script.{key}`: {reason[key]}"


@runs_anywhere
def test_raw_and_zip_are_taken_as_they_are(tmp_path: Path) -> None:
    project(tmp_path, {"src/index.ts": INDEX})
    raw = read_config(tmp_path)._replace(bundle=False)
    assert find_entries(read_tree(tmp_path, raw), raw) == ()
    (tmp_path / "w.zip").write_bytes(archive(STATIC))
    config = Config(tmp_path)
    assert find_entries(read_tree(tmp_path / "w.zip", config), config) == ()


def test_the_default_export_is_the_module(tmp_path: Path) -> None:
    made = built(
        tmp_path, {"src/index.ts": "const a: number = 4;\nexport default (b: number) => a + b;\nexport const c = 1;\n"}
    )
    assert run(script(made), "(f) => f(3)") == {"asked": [[]], "value": 7, "styles": []}


@pytest.mark.parametrize(
    ("text", "ask", "value"),
    [
        ("module.exports = function () { return 5; };", "(f) => f()", 5),
        ("exports.a = 1; exports.b = 2;", "(all) => all", {"a": 1, "b": 2}),
        ("export const a = 1;", "(all) => all.a", 1),
    ],
)
def test_without_a_default_export_all_exports_are_the_module(
    tmp_path: Path, text: str, ask: str, value: object
) -> None:
    assert run(script(built(tmp_path, {"src/index.js": text})), ask)["value"] == value


def test_modules_of_the_page_are_dependencies_once_and_only_where_they_are_used(tmp_path: Path) -> None:
    made = built(
        tmp_path,
        {
            "src/index.ts": "import $ from 'jquery';\nimport _ from 'underscore';\nimport moment from 'moment';\n"
            "import Modal from 'lib/components/base/modal';\nimport used from './used';\n"
            "let a: typeof moment;\nexport default () => [$('x'), Modal, used];\n",
            "src/used.js": "const $ = require('jquery');\nmodule.exports = [$.fn, require('backbone').name];\n",
        },
    )
    code = script(made)
    result = run(
        code, "(f) => f()", jquery=JQUERY, backbone="{ name: 'b' }", **{"lib/components/base/modal": "'modal'"}
    )
    assert result == {
        "asked": [["jquery", "backbone", "lib/components/base/modal"]],
        "value": ["x", "modal", ["jquery", "b"]],
        "styles": [],
    }


def test_a_package_that_looks_for_what_no_page_has_goes_on_without(tmp_path: Path) -> None:
    text = "let c = 'none';\ntry { c = require('crypto'); } catch { c = 'caught'; }\nexport default c;\n"
    made = built(tmp_path, {"src/index.js": text})
    assert run(script(made)) == {"asked": [[]], "value": "caught", "styles": []}
    assert told(made, tmp_path) == []


def test_a_universal_wrapper_does_not_call_the_define_of_the_page(tmp_path: Path) -> None:
    umd = (
        "(function (root, make) { if (typeof define === 'function' && define.amd) { define([], make); }"
        " else if (typeof module === 'object') { module.exports = make(); } })(this, function () { return 'umd'; });"
    )
    made = built(tmp_path, {"src/index.ts": "import u from './umd';\nexport default u;\n", "src/umd.js": umd})
    assert run(script(made)) == {"asked": [[]], "value": "umd", "styles": []}


def test_the_config_adds_renames_and_takes_away_modules_of_the_page(tmp_path: Path) -> None:
    config = '[script]\nexternal = ["own", "!store"]\nrename = { "@crm/modal" = "lib/components/base/modal" }\n'
    made = built(
        tmp_path,
        {
            "src/index.ts": "import own from 'own';\nimport modal from '@crm/modal';\nimport store from 'store';\nexport default [own, modal, store];\n",
            "node_modules/store/index.js": "module.exports = 'bundled';",
        },
        config,
    )
    result = run(script(made), own="'o'", **{"lib/components/base/modal": "'m'"})
    assert (result["asked"], result["value"]) == ([["own", "lib/components/base/modal"]], ["o", "m", "bundled"])


@pytest.mark.parametrize(
    ("options", "config", "expected"),
    [
        ('{ "paths": { "store": ["./src/store"], "device/*": ["./src/device/*"] } }', "", [[], ["own", "own device"]]),
        ('{ "baseUrl": "./src" }', "", [[], ["own", "own device"]]),
        ('{ "baseUrl": "./src" }', '[script]\nexternal = ["store"]\n', [["store"], ["page's", "own device"]]),
    ],
)
def test_a_source_that_tsconfig_gives_the_name_of_a_module_is_meant(
    tmp_path: Path, options: str, config: str, expected: list[list[str]]
) -> None:
    sources: dict[str, str | bytes] = {
        "tsconfig.json": f'// settings\n{{ "compilerOptions": {options} }}',
        "src/index.ts": "import { s } from 'store';\nimport d from 'device/phone';\nexport default [s, d];\n",
        "src/store/index.ts": "export const s: string = 'own';\n",
        "src/device/phone.ts": "export default 'own device';\n",
    }
    result = run(script(built(tmp_path, sources, config)), store="""{ s: "page's" }""")
    assert [result["asked"][0], result["value"]] == expected


def test_a_part_of_a_library_that_is_the_pages_is_an_error(tmp_path: Path) -> None:
    made = built(
        tmp_path, {"src/index.ts": "import moment from 'moment';\nimport 'moment/locale/es';\nexport default moment;\n"}
    )
    assert told(made, tmp_path) == [
        'B05 error src/index.ts:2:8 the page provides no module "moment/locale/es"; `[script] external = ["!moment"]` bundles moment'
    ]


def test_an_entry_that_calls_define_is_left_as_it_is(tmp_path: Path) -> None:
    made = built(
        tmp_path,
        {
            "src/index.ts": "declare const window: any;\nimport names from './names';\n"
            "window.define(names as string[], () => { return require('./widget').default; });\n",
            "src/names.ts": "export default ['jquery'];\n",
            "src/widget.ts": "import $ from 'jquery';\nexport default $('w');\n",
        },
    )
    assert run(script(made), jquery=JQUERY) == {"asked": [["jquery"]], "value": "w", "styles": []}


def test_a_define_of_its_own_is_not_the_pages(tmp_path: Path) -> None:
    text = "import { define } from './own';\nexport default define('x');\n"
    made = built(tmp_path, {"src/index.ts": text, "src/own.ts": "export const define = (x: string) => x + 1;\n"})
    assert run(script(made)) == {"asked": [[]], "value": "x1", "styles": []}


def test_several_scripts_are_made_at_once(tmp_path: Path) -> None:
    config = '[script.entries]\n"lib/frame.js" = "src/frame.ts"\n'
    sources: dict[str, str | bytes] = {
        "src/index.ts": "import { n } from './shared';\nexport default n;\n",
        "src/shared.ts": "export const n = 1;\n",
        "src/frame.ts": "import { n } from './shared';\nexport default n + 1;\n",
        "src/personal_page.ts": "import $ from 'jquery';\nexport default $;\n",
    }
    home = project(tmp_path, sources, config)
    manifest = home / "public/manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"settings",', b'"settings", "personal_page",'))
    made = read_build(home, read_config(home))
    assert made.tree.bundled == ("lib/frame.js", "personal_page.js", "script.js")
    assert [run(script(made, name), jquery="3")["value"] for name in made.tree.bundled] == [2, 3, 1]


def test_sources_never_ship(tmp_path: Path) -> None:
    files = {
        **STATIC,
        "src/index.js": b"import './style.css';\nimport en from '../i18n/en.json';\nimport './unused.js';\nexport default en.widget.name;\n",
        "src/style.css": b".w-a { color: red }\n",
        "src/unused.js": b"",
        "src/notes.js": b"export const never = 1;\n",
        "src/templates/a.twig": b"x\n",
        "lib/static.js": b"define([], function () {});\n",
        "tsconfig.json": b"{}\n",
        "package.json": b"{}\n",
    }
    home = folder(tmp_path, files)
    made = read_build(home, read_config(home))
    assert sorted(made.tree.files) == sorted({*STATIC, "script.js", "lib/static.js"})
    assert run(script(made))["value"] == "Good"
    listed = {entry.path: entry.reason for entry in made.tree.entries}
    assert listed["src/index.js"] == listed["src/notes.js"] == listed["src/templates/a.twig"] == "sources of a script"
    assert listed["script.js"] == "bundled from src/index.js"


def test_what_an_es_module_imports_beside_the_manifest_does_not_ship(tmp_path: Path) -> None:
    files = {**STATIC, "script.js": b"import './style.css';\nimport a from './lib/a.js';\nexport default a;\n"}
    files |= {
        "style.css": b".w-a { color: red }\n",
        "lib/a.js": b"export default 'a';\n",
        "lib/b.js": b"define([], 1);\n",
    }
    home = folder(tmp_path, files)
    made = read_build(home, read_config(home))
    assert sorted(made.tree.files) == sorted({*STATIC, "script.js", "lib/b.js"})
    assert run(script(made))["value"] == "a"


def test_a_file_that_include_names_ships_with_the_sources_around_it(tmp_path: Path) -> None:
    home = folder(tmp_path, {**STATIC, "src/index.ts": INDEX.encode(), "src/a.twig": b"x\n", "src/b.twig": b"x\n"})
    (home / "widgetpack.toml").write_text('include = ["src/a.twig"]\n')
    assert sorted(read_build(home, read_config(home)).tree.files) == sorted({*STATIC, "script.js", "src/a.twig"})


def test_a_widget_of_sources_is_judged_and_packed(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": INDEX})
    assert brief(validate(home, read_config(home)).findings) == []
    result = build(home, read_config(home), 315_532_800)
    assert (brief(result.findings), result.target) == ([], f"{home}/dist/widget.zip")
    again = build(home, read_config(home), 315_532_800)
    assert result.artifact is not None
    assert result.artifact == again.artifact
    assert brief(validate(home / "dist/widget.zip", read_config(home)).findings) == []


def test_the_list_says_what_a_script_was_made_of(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": INDEX})
    lines = list_package(home, read_config(home), why=True).text.splitlines()
    assert [line.split(None, 3)[3] for line in lines if "script.js" in line] == ["bundled from ../src/index.ts"]


def test_a_finding_in_the_script_is_told_at_its_source(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.ts": f"import '\\u002e/bad';\nexport default function (this: any) {{ this.callbacks = {CALLBACKS}; }}\n",
        "src/bad.ts": "interface Unused { a: 1 }\n\nconst я = '🙂'; const n: number = 1; alert(я + n);\n",
    }
    home = project(tmp_path, sources)
    found = [item for item in validate(home, read_config(home)).findings if item.path != "manifest.json"]
    assert brief(tuple(found)) == ["S22 info src/bad.ts:3:37 `alert(...)` stops the CRM until it is answered"]
    assert found[0].source == home.as_posix()
    assert found[0].text == "const я = '🙂'; const n: number = 1; alert(я + n);"


@runs_anywhere
def test_a_classic_widget_never_looks_for_esbuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("WIDGETPACK_CACHE", str(tmp_path / "none"))
    home = folder(tmp_path / "w", widget())
    assert brief(validate(home, read_config(home)).findings) == list(brief(findings(widget()))) == []
    (home / "script.js").write_text("export default 1;\n")
    with pytest.raises(WidgetpackError) as caught:
        validate(home, read_config(home))
    assert str(caught.value).startswith("esbuild is needed and not found (")


def command(*words: object, cwd: Path, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "widgetpack", *map(str, words)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_line_minifies_and_says_what_is_wrong_with_sources(tmp_path: Path) -> None:
    project(tmp_path / "w", {"src/index.ts": INDEX})
    code, out, err = command("build", "w", "--minify", "--quiet", cwd=tmp_path)
    assert (code, out, err) == (EXIT_CLEAN, "", "")
    with zipfile.ZipFile(tmp_path / "w/dist/widget.zip") as packed:
        text = packed.read("script.js").decode()
    assert (text.count("\n"), text.count("this.callbacks={render:()=>!0")) == (9, 1)
    (tmp_path / "w/src/index.ts").write_text("import './a';\n")
    assert command("validate", "w", "--output-format", "concise", cwd=tmp_path) == (
        EXIT_FINDINGS,
        'w/src/index.ts:1:8: B01 error "./a" leads nowhere: no such file\n1 error\n',
        "",
    )


@runs_anywhere
def test_without_esbuild_a_build_of_sources_ends_with_a_line_that_says_how_to_get_it(tmp_path: Path) -> None:
    project(tmp_path / "w", {"src/index.ts": INDEX})
    code, out, err = command("build", "w", cwd=tmp_path, PATH="", WIDGETPACK_CACHE=str(tmp_path / "none"))
    assert (code, out, err.count("\n")) == (EXIT_TOOL, "", 2)
    assert err.startswith("widgetpack: esbuild is needed and not found (")

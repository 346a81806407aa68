"""Files in odd places and of odd names: what tsconfig says of names, folders that move, letters of every kind, links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from builders import brief
from native_builders import INDEX, built, needs_native, project, run, runs_anywhere, script

from widgetpack.config.settings import read_config
from widgetpack.errors import ConfigError
from widgetpack.native.build import read_build
from widgetpack.native.claims import claimed
from widgetpack.pipeline import validate

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

STORE = "import s from 'store';\nexport default s;\n"
PATHS = '{ "compilerOptions": { "baseUrl": ".", "paths": { "store": ["%s"], }, }, } // with commas'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, [["store"], "page's"]),
        ({"tsconfig.json": '{ "extends": "./base" }', "base.json": PATHS % "src/store.ts"}, [[], "own"]),
        ({"tsconfig.json": '{ "extends": ["./a.json", "./b.json"] }', "b.json": PATHS % "src/store.ts"}, [[], "own"]),
        ({"src/tsconfig.json": PATHS % "store.ts", "tsconfig.json": "{}"}, [[], "own"]),
        ({"tsconfig.json": '{ "compilerOptions": { "paths": { "*": ["./src/*"] } } }'}, [[], "own"]),
        ({"tsconfig.json": '{ "compilerOptions": { "paths": { "*": ["./types/*"] } } }'}, [["store"], "page's"]),
        ({"jsconfig.json": '{ "compilerOptions": { "baseUrl": "src" } }'}, [[], "own"]),
        ({"tsconfig.json": '{ "store": ["a"], "compilerOptions": { "types": ["store"] } }'}, [["store"], "page's"]),
    ],
)
def test_a_name_is_the_projects_wherever_its_tsconfig_says_so(
    tmp_path: Path, files: dict[str, str], expected: list[object]
) -> None:
    made = built(tmp_path, {"src/index.ts": STORE, "src/store.ts": "export default 'own';\n", **files})
    result = run(script(made), store='"page\'s"')
    assert [result["asked"][0], result["value"]] == expected


@runs_anywhere
@pytest.mark.parametrize(
    "text",
    [
        '{ "extends": "./tsconfig.json" }',
        '{ "extends": ["./none", "package/tsconfig.json", 1] }',
        '{ "compilerOptions": [], "extends": {} }',
        '{ "compilerOptions": { "paths": { "store": 1, "a*": [2] }, "baseUrl": 3 } }',
        "[" * 100_000,
        "[]",
        "{",
        "\xff",
    ],
)
def test_a_tsconfig_of_any_form_is_read_without_a_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "tsconfig.json").write_text(text, encoding="latin-1")
    expected = ("store",) if '"store": 1' in text else ()
    assert claimed([f"{tmp_path}/src/index.ts"]) == expected


@pytest.mark.parametrize("name", ["a b", "100%", "a#b", "a?b", "\u0436", "a%20b", "[id]", "it's"])
def test_a_finding_is_told_at_its_source_whatever_the_names_of_files(tmp_path: Path, name: str) -> None:
    quoted = json.dumps(f"./{name}/{name}.ts")
    # The question mark begins a query in an import, so only the folder of the project has one.
    inner = (
        {"src/index.ts": f"alert(1);\n{INDEX}"}
        if "?" in name
        else {
            "src/index.ts": f"import {quoted};\n{INDEX}",
            f"src/{name}/{name}.ts": "alert(1);\n",
        }
    )
    path = "src/index.ts" if "?" in name else f"src/{name}/{name}.ts"
    home = project(tmp_path / name, {**inner})
    found = validate(home, read_config(home)).findings
    assert brief(found) == [f"S22 info {path}:1:1 `alert(...)` stops the CRM until it is answered"]
    assert found[0].text == "alert(1);"


SOURCES: dict[str, str | bytes] = {
    "src/index.ts": "import s from './a.module.css';\nimport t from './\u0442.twig';\nimport p from 'p';\nimport o from '../../shared/o';\n"
    "import big from './b.svg';\nexport default [s, t, p, o, big];\n",
    "src/a.module.css": ".a { background: url(./b.svg) }\n",
    "src/b.svg": b"<svg>" + b"1" * 300 + b"</svg>",
    "src/\u0442.twig": "\u044f\n",
    "node_modules/p/index.js": "/*! licence */\nmodule.exports = process.env.P || 1;\n",
}


@pytest.mark.parametrize("minify", ["false", "true"])
def test_a_script_and_its_map_are_the_same_wherever_the_project_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minify: str
) -> None:
    config = f'[script]\nminify = {minify}\ninline-limit = 100\nsourcemap = "inline"\n'
    results = []
    for place in ("a", "deeper/and/\u0436 b", "100% [c]"):
        home = project(tmp_path / place, SOURCES, config)
        (home.parent / "shared").mkdir(exist_ok=True)
        (home.parent / "shared/o.ts").write_text("export default 'outside';\n")
        monkeypatch.chdir(home.parent)
        made = read_build(home, read_config(home))
        results.append((dict(made.tree.files), dict(made.maps)))
    assert results[0] == results[1] == results[2]
    value = json.loads(results[0][1]["script.js"])
    assert sorted(value["sources"]) == [
        "../shared/o.ts",
        "<define:process.env>",
        "node_modules/p/index.js",
        "src/a.module.css",
        "src/index.ts",
        "src/\u0442.twig",
    ]
    assert str(tmp_path).encode() not in b"".join(results[0][0].values())


def test_endings_in_capitals_and_sounds_are_files_as_others(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.ts": "import a from './A.PNG';\nimport b from './b.HTML';\nimport c from './c.mp3';\nexport default [a, b, c];\n",
        "src/A.PNG": b"\x89PNG\r\n\x1a\n",
        "src/b.HTML": "<b>\n",
        "src/c.mp3": b"ID3\x03",
    }
    made = built(tmp_path / "in", sources)
    assert run(script(made))["value"] == ["data:image/png;base64,iVBORw0KGgo=", "<b>\n", "data:audio/mpeg,ID3%03"]
    made = built(tmp_path / "beside", sources, "[script]\ninline-limit = 4\n")
    assert run(script(made))["value"] == ["assets/4c4b6a3be131.png", "<b>\n", "data:audio/mpeg;base64,SUQzAw=="]
    assert made.tree.files["assets/4c4b6a3be131.png"] == b"\x89PNG\r\n\x1a\n"


def test_packages_behind_links_are_found_as_node_finds_them(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.ts": "import a from 'a';\nimport b from 'b';\nexport default [a, b];\n",
        "packages/b/index.ts": "import d from 'd';\nexport default `b ${d as string}`;\n",
        "packages/b/package.json": '{ "name": "b", "main": "index.ts" }',
        "node_modules/.pnpm/a@1/node_modules/a/index.js": "module.exports = 'a ' + require('d');\n",
        "node_modules/.pnpm/d@1/node_modules/d/index.js": "module.exports = 'd';\n",
        "node_modules/d/index.js": "module.exports = 'top d';\n",
    }
    home = project(tmp_path, sources)
    (home / "node_modules/a").symlink_to(".pnpm/a@1/node_modules/a")
    (home / "node_modules/b").symlink_to("../packages/b")
    (home / "node_modules/.pnpm/a@1/node_modules/d").symlink_to("../../d@1/node_modules/d")
    made = read_build(home, read_config(home))
    assert run(script(made))["value"] == ["a d", "b top d"]
    assert [path.removeprefix(f"{home}/") for path in made.inputs] == ["src/index.ts", "packages/b/index.ts"]


@runs_anywhere
@pytest.mark.parametrize("ending", ["html", "css", "json", "twig"])
def test_an_entry_that_is_no_script_is_refused(tmp_path: Path, ending: str) -> None:
    home = project(tmp_path, {f"src/a.{ending}": "{}"}, f'[script]\nentry = "src/a.{ending}"\n')
    with pytest.raises(ConfigError) as caught:
        read_build(home, read_config(home))
    assert str(caught.value).partition(": ")[2] == (
        f"`script.entry`: {home}/src/a.{ending} is no script, as .ts, .tsx or .js"
    )


@runs_anywhere
@pytest.mark.parametrize(
    "text", ['external = ["/img/*", "a*", "@a/b"]', 'rename = { "a.b" = "./lib/c.js", "$" = "jquery" }']
)
def test_names_that_esbuild_takes_are_no_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "widgetpack.toml").write_text(f"[script]\n{text}\n")
    assert read_config(tmp_path).base == tmp_path

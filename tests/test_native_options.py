"""What the keys of ``[script]`` do to the bundled script: values, css, files as values, source maps, size."""

from __future__ import annotations

import base64
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from builders import brief, png
from native_builders import INDEX, built, needs_native, position, project, run, runs_anywhere, script, told

from widgetpack.config.provenance import list_settings
from widgetpack.config.settings import read_config
from widgetpack.errors import ConfigError
from widgetpack.native import sourcemap
from widgetpack.native.build import read_build
from widgetpack.native.env import load_env_file
from widgetpack.pipeline import build

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native


def test_values_of_the_config_and_of_an_env_file_take_the_place_of_names(tmp_path: Path) -> None:
    text = "declare const __DEV__: any, process: any;\nexport default [process.env.API, process.env['B'], __DEV__, process.env.NODE_ENV, process.env.FILE];\n"
    config = (
        '[script]\nenv-file = "deploy/.env"\n[script.define]\n"process.env.API" = "https://a.dev"\n__DEV__ = false\n'
    )
    env = "# a comment\nAPI=lost\nB=\"two\\nlines\"  # said so\nexport C='it'\nUNUSED=never ships\n"
    made = built(tmp_path, {"src/index.ts": text, "deploy/.env": env}, config)
    code = script(made)
    assert run(code)["value"] == ["https://a.dev", "two\nlines", False, "production", None]
    assert "never ships" not in code
    assert told(made, tmp_path) == [
        "B03 warning src/index.ts:2:83 process.env.FILE is set nowhere: it becomes undefined"
    ]


def test_a_name_that_nobody_sets_is_undefined_and_told_once(tmp_path: Path) -> None:
    text = "// process.env.A is not set\nconst key = 'B';\nexport default [typeof process.env.A, process.env?.C, process.env[key], process.env.A];\n"
    made = built(tmp_path, {"src/index.js": text, "src/never.js": "process.env.D"})
    assert run(script(made))["value"] == ["undefined", None, None, None]
    assert told(made, tmp_path) == [
        "B03 warning src/index.js:3:24 process.env.A is set nowhere: it becomes undefined",
        "B03 warning src/index.js:3:39 process.env.C is set nowhere: it becomes undefined",
    ]


def test_names_that_only_packages_ask_for_are_not_told(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.js": "import p from 'p';\nexport default p;\n",
        "node_modules/p/index.js": "module.exports = process.env.DEBUG || process.env.NODE_ENV;",
    }
    made = built(tmp_path, sources)
    assert run(script(made))["value"] == "production"
    assert told(made, tmp_path) == []


def test_a_secret_that_is_about_to_ship_is_told_and_one_that_nobody_asks_for_is_not(tmp_path: Path) -> None:
    env = "CLIENT_SECRET=Zx81kQpLm02\nACCESS_TOKEN=unused-value-1\nTOKEN_URL=https://a.dev/token\nAWS=AKIAIOSFODNN7EXAMPLE\nSECRET_ON=1\n"
    text = (
        "export default [process.env.CLIENT_SECRET, process.env.TOKEN_URL, process.env.AWS, process.env.SECRET_ON];\n"
    )
    made = built(tmp_path, {"src/index.js": text, ".env": env}, '[script]\nenv-file = ".env"\n')
    assert told(made, tmp_path) == [
        "B04 warning src/index.js:1:17 the value of process.env.CLIENT_SECRET ships in the script for all to read",
        "B04 warning src/index.js:1:67 the value of process.env.AWS ships in the script for all to read",
    ]


@runs_anywhere
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1\r\nB = two words \n", {"A": "1", "B": "two words"}),
        ("\ufeffA=1", {"A": "1"}),
        ("A=\nB=''\n", {"A": "", "B": ""}),
        ("A='x # y' # z\nB=x#y\n", {"A": "x # y", "B": "x"}),
        ('A="say \\"hi\\""\nB=`a\nb`\n', {"A": 'say "hi"', "B": "a\nb"}),
        ("A=1\nA=2\n", {"A": "2"}),
        ("1A=1\nno line\n=x\n#A=1\n", {}),
        ("A=\nB=2\n", {"A": "", "B": "2"}),
    ],
)
def test_an_env_file_is_read_as_shells_do(text: str, values: dict[str, str]) -> None:
    assert load_env_file(text.encode()) == values


def test_files_are_values_by_their_kind(tmp_path: Path) -> None:
    text = (
        "import json from './a.json';\nimport twig from '../templates/a.twig';\nimport txt from './a.txt';\n"
        "import png from './a.png';\nimport font from './a.woff2';\nimport { b } from '@lib/b';\n"
        "export default [json.a, twig, txt, png, font, b];\n"
    )
    picture = png(3, 3)
    sources: dict[str, str | bytes] = {
        "src/index.ts": text,
        "src/a.json": '{"a": [1]}',
        "templates/a.twig": "<b>{{ x }}</b>\n",
        "src/a.txt": "é\n",
        "src/a.png": picture,
        "src/a.woff2": b"wOF2\xff\xff",
        "lib/b.ts": "export const b: number = 2;\n",
        "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } } // as tsc writes it',
    }
    assert run(script(built(tmp_path, sources)))["value"] == [
        [1],
        "<b>{{ x }}</b>\n",
        "é\n",
        f"data:image/png;base64,{base64.b64encode(picture).decode()}",
        "data:font/woff2;base64,d09GMv//",
        2,
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [["h", "p"]]),
        ({"jsx": "react", "jsxFactory": "make"}, ["made", "p"]),
        ({"jsx": "react-jsx", "jsxImportSource": "own"}, ["auto", "p"]),
    ],
)
def test_jsx_is_written_as_tsconfig_says(tmp_path: Path, options: dict[str, str], expected: list[Any]) -> None:
    text = "const React = { createElement: (x: string) => [['h', x]] }, make = (x: string) => ['made', x];\nexport default <p/>;\n"
    sources: dict[str, str | bytes] = {
        "src/index.tsx": text,
        "tsconfig.json": json.dumps({"compilerOptions": options}),
        "node_modules/own/jsx-runtime.js": "export const jsx = (x) => ['auto', x];\n",
    }
    assert run(script(built(tmp_path, sources)))["value"] == expected


REACT: dict[str, str | bytes] = {
    "node_modules/react/jsx-runtime.js": "exports.jsx = (x) => ['auto', x];\n",
    "node_modules/react/index.js": "exports.createElement = (x) => ['classic', x];\n",
}


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("export default <p/>;", REACT, ["auto", "p"]),
        ("import React from 'react';\nexport default <p/>;", REACT, ["auto", "p"]),
        ("/** @jsx h */\nconst h = (x) => ['h', x];\nexport default <p/>;", REACT, ["h", "p"]),
        (
            "const h = (x) => ['h', x];\nexport default <p/>;",
            {**REACT, "tsconfig.json": '{ "compilerOptions": { "jsxFactory": "h" } }'},
            ["h", "p"],
        ),
        (
            "import React from 'react';\nexport default <p/>;",
            {**REACT, "tsconfig.json": '{ "compilerOptions": { "jsx": "react" } }'},
            ["classic", "p"],
        ),
        (
            "export default <p/>;",
            {**REACT, "tsconfig.json": '{ "compilerOptions": { "jsx": "preserve" } }'},
            ["auto", "p"],
        ),
        (
            "/** @jsxImportSource own */\nexport default <p/>;",
            {"node_modules/own/jsx-runtime.js": "exports.jsx = (x) => ['own', x];\n"},
            ["own", "p"],
        ),
    ],
)
def test_jsx_is_reacts_where_the_project_has_it_and_says_nothing_else(
    tmp_path: Path, text: str, files: dict[str, str | bytes], expected: list[str]
) -> None:
    made = built(tmp_path, {"src/index.jsx": text, **files})
    assert run(script(made))["value"] == expected
    assert told(made, tmp_path) == []


@pytest.mark.parametrize("config", ['external = ["react"]', 'rename = { react = "lib/react" }'])
def test_react_of_the_page_needs_its_import(tmp_path: Path, config: str) -> None:
    text = "import React from 'react';\nexport default <p/>;\n"
    made = built(tmp_path, {"src/index.jsx": text, **REACT}, f"[script]\n{config}\n")
    page = "{ createElement: (x) => ['page', x] }"
    assert run(script(made), react=page, **{"lib/react": page})["value"] == ["page", "p"]
    assert told(made, tmp_path) == []


def test_addresses_in_css_are_no_modules(tmp_path: Path) -> None:
    css = '@import "https://a.dev/b.css";\n.w-a { background: url(//a.dev/b.png), url(/img/c.png), url(#d) }\n'
    made = built(
        tmp_path, {"src/index.js": "import './a.css';\n", "src/a.css": css}, '[script]\nexternal = ["/img/*"]\n'
    )
    assert told(made, tmp_path) == []
    assert run(script(made))["styles"][0]["textContent"] == (
        '@import "https://a.dev/b.css";\n\n.w-a {\n  background:\n    url(//a.dev/b.png),\n    url(/img/c.png),\n    url(#d);\n}\n'
    )


CSS: dict[str, str | bytes] = {
    "src/index.ts": "import './a.css';\nimport b from './b.module.css';\nimport c from './c.local.css';\nimport d from './d.own.css';\nexport default [b, c, d];\n",
    "src/a.css": '.w-a { .in { background: url("./a.png"); content: "\u2028</style>" } }\n',
    "src/a.png": b"\x89PNG",
    "src/b.module.css": ".x { color: red }\n",
    "src/c.local.css": ".x { color: blue }\n",
    "src/d.own.css": ".x { color: green }\n",
}
CSS_TEXT = (
    ".w-a .in {\n  background: url(data:image/png;base64,iVBORw==);\n"
    '  content: "\u2028<\\/style>";\n}\n\n.b_x_7e842 {\n  color: red;\n}\n\n.c_local_x_2ab7d {\n  color: blue;\n}\n\n'
    ".d_own_x_e0299 {\n  color: green;\n}\n"
)
CLASSES = [{"x": "b_x_7e842"}, {"x": "c_local_x_2ab7d"}, {"x": "d_own_x_e0299"}]


def test_css_is_put_into_the_page_once_under_an_id_of_its_contents(tmp_path: Path) -> None:
    made = built(tmp_path, CSS, '[script]\ncss-modules = [".own.css"]\n')
    code = script(made)
    result = run(code + code)
    assert (result["value"], [sorted(style) for style in result["styles"]]) == (CLASSES, [["id", "textContent"]])
    assert result["styles"][0]["textContent"] == CSS_TEXT
    assert re.fullmatch(r"widgetpack-[0-9a-f]{12}", result["styles"][0]["id"])
    assert "style.css" not in made.tree.files


def test_css_goes_into_a_file_where_the_config_says_so(tmp_path: Path) -> None:
    config = '[script]\ncss = "file"\ncss-modules = [".own.css"]\n'
    made = built(tmp_path, {**CSS, "public/style.css": ".w-own { top: 0 }"}, config)
    assert run(script(made)) == {"asked": [[]], "value": CLASSES, "styles": []}
    assert made.tree.files["style.css"].decode() == ".w-own { top: 0 }\n" + CSS_TEXT


def test_an_entry_that_calls_define_carries_its_css_too(tmp_path: Path) -> None:
    made = built(
        tmp_path, {"src/index.js": "import './a.css';\ndefine([], () => 1);\n", "src/a.css": ".w-a { top: 0 }\n"}
    )
    result = run(script(made))
    assert [style["textContent"] for style in result["styles"]] == [".w-a {\n  top: 0;\n}\n"]
    assert result["value"] == 1


def test_minified_scripts_keep_what_licences_demand(tmp_path: Path) -> None:
    text = "/*! (c) Somebody, MIT */\n// words for people\nfunction longName(first) { return first + 1; }\nexport default longName(2);\n"
    plain = script(built(tmp_path / "a", {"src/index.js": text}))
    small = script(built(tmp_path / "b", {"src/index.js": text}, "[script]\nminify = true\n"))
    assert [run(code)["value"] for code in (plain, small)] == [3, 3]
    assert [
        ("longName" in code, "for people" in code, code.count("/*! (c) Somebody, MIT */")) for code in (plain, small)
    ] == [
        (True, False, 1),
        (False, False, 1),
    ]


def test_the_target_says_what_is_lowered(tmp_path: Path) -> None:
    text = "export default async (a) => { await 0; return a?.b ?? 2; };\n"
    usual, new, old = (
        script(built(tmp_path / str(index), {"src/index.js": text}, config))
        for index, config in enumerate(
            ["", '[script]\ntarget = "es2022"\n', '[script]\ntarget = ["es2016", "chrome60"]\n']
        )
    )
    assert [("?." in code, "await " in code) for code in (usual, new, old)] == [
        (False, True),
        (True, True),
        (False, False),
    ]


def test_what_is_above_the_limit_becomes_a_file_and_the_map_stays_exact(tmp_path: Path) -> None:
    text = (
        "import a from './a.png'; import b from './b.png'; import './c.css'; export default [a, b, globalThis.mark];\n"
    )
    large = b"\x89PNG" + bytes(100)
    sources: dict[str, str | bytes] = {
        "src/index.js": text,
        "src/a.png": b"\x89PNG",
        "src/b.png": large,
        "src/c.css": ".w-a { background: url(./b.png) }\n",
    }
    config = '[script]\ninline-limit = 50\nsourcemap = "inline"\nminify = true\n'
    inject, file = (built(tmp_path / css, sources, f'{config}css = "{css}"\n') for css in ("inject", "file"))
    assert [path for path in file.tree.files if path.startswith("assets/")] == ["assets/3ec774d072e2.png"]
    assert file.tree.files["assets/3ec774d072e2.png"] == large
    assert run(script(file))["value"] == ["data:image/png;base64,iVBORw==", "assets/3ec774d072e2.png", None]
    assert file.tree.files["style.css"] == b'.w-a{background:url("assets/3ec774d072e2.png")}\n'
    encoded = base64.b64encode(large).decode()
    assert (
        run(script(inject))["styles"][0]["textContent"]
        == f'.w-a{{background:url("data:image/png;base64,{encoded}")}}\n'
    )
    for made in (inject, file):
        line, column = position(script(made), "globalThis")
        found = [origin for origin in sourcemap.load_lines(made.maps["script.js"])[line] if origin.column <= column][-1]
        assert (found.column, found.line, found.at) == (column, 0, text.index("globalThis"))


@runs_anywhere
@pytest.mark.parametrize("by", [-70_000, -1, 0, 1, 15, 16, 2_000_000])
def test_a_stretched_map_moves_what_stands_behind(by: int) -> None:
    data = json.dumps({"version": 3, "sources": ["a"], "names": [], "mappings": ";AAAA,UACE,QAFF;AACA"}).encode()
    before = sourcemap.load_lines(data)
    after = sourcemap.load_lines(sourcemap.stretch(data, [sourcemap.Stretch(1, 10, by), sourcemap.Stretch(9, 0, 5)]))
    assert [o.column for o in after[1]] == [o.column + (by if o.column > 10 else 0) for o in before[1]]
    assert [[o[1:] for o in line] for line in after] == [[o[1:] for o in line] for line in before]
    assert [o.column for o in before[1]] == [0, 10, 18]


MAPPED = "import './a.css';\nconst я: string = '🙂'; export default function (a: number) { return я + firstMark(a); }\nfunction firstMark(a: number): string { return `${a}`; }\n"


@pytest.mark.parametrize("minify", ["false", "true"])
@pytest.mark.parametrize("entry", ["", "define(['jquery'], () => 0);\n"])
def test_a_source_map_is_exact_to_the_column(tmp_path: Path, minify: str, entry: str) -> None:
    text = MAPPED + entry + "globalThis.lastMark = 1;\n"
    home = project(
        tmp_path,
        {"src/index.ts": text, "src/a.css": ".w-a { top: 0 }\n"},
        f'[script]\nsourcemap = "inline"\nminify = {minify}\n',
    )
    made = read_build(home, read_config(home))
    code = script(made)
    body, comment = code.rstrip("\n").rsplit("\n", 1)
    data = base64.b64decode(comment.removeprefix("//# sourceMappingURL=data:application/json;charset=utf-8;base64,"))
    value = json.loads(data)
    assert (value["version"], value["file"], value["sources"], value["sourcesContent"]) == (
        3,
        "script.js",
        ["src/index.ts"],
        [text],
    )
    for word in ("🙂", "lastMark", "globalThis"):
        line, column = position(body, word if word in body else "\\u{1F642}")
        start = column - 1 if word == "🙂" else column  # the string begins before its first letter
        found = [origin for origin in sourcemap.load_lines(data)[line] if origin.column <= start][-1]
        row, at = position(text, word)
        if word == "lastMark":
            assert found.line == row
            continue
        assert (found.source, found.line, found.at) == ("src/index.ts", row, at - 1 if word == "🙂" else at)


def test_an_external_map_lies_beside_the_zip_and_never_in_it(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": INDEX}, '[script]\nsourcemap = "external"\n')
    result = build(home, read_config(home), 315_532_800)
    assert brief(result.findings) == []
    assert sorted(path.name for path in (home / "dist").iterdir()) == ["widget.script.js.map", "widget.zip"]
    with zipfile.ZipFile(home / "dist/widget.zip") as archive:
        assert [name for name in archive.namelist() if "map" in name] == []
        assert b"sourceMappingURL" not in archive.read("script.js")
    value = json.loads((home / "dist/widget.script.js.map").read_bytes())
    assert (value["file"], value["sources"], value["sourcesContent"]) == ("script.js", ["src/index.ts"], [INDEX])
    assert brief(build(home, read_config(home), 315_532_800).findings) == []


def test_without_a_wish_there_is_no_map(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": INDEX})
    build(home, read_config(home), 315_532_800)
    assert [path.name for path in (home / "dist").iterdir()] == ["widget.zip"]


@runs_anywhere
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('entry = "a\\u0000"', "`script.entry`: a NUL character in a path"),
        ('entries = { "script.js" = "a.ts" }', '`script.entries`: "script.js" is `script.entry`\'s'),
        ('entries = { "../a.js" = "a.ts" }', '`script.entries`: "../a.js" is no script of the package: `lib/frame.js`'),
        ('define = { "a b" = 1 }', '`script.define`: "a b" is no name: `__DEV__`, `process.env.API`'),
        ("define = { A = [] }", "`script.define.A`: [], an array, not a string, a number or a boolean"),
        ('external = ["a b"]', '`script.external`: "a b" is no name of a module'),
        ('rename = { a = "*" }', '`script.rename`: "*" is no name of a module'),
        ('css-modules = ["css"]', '`script.css-modules`: "css" is no ending: `.scoped.css`'),
        ('target = "es5x"', '`script.target`: "es5x" is no target: `es2020`, `chrome100`'),
        ('target = "es2099"', '`script.target`: "es2099" is no target: `es2020`, `chrome100`'),
        ('target = ["es2020", "es3"]', '`script.target`: "es3" is no target: `es2020`, `chrome100`'),
        ("define = { new = 1 }", '`script.define`: "new" is no name: `__DEV__`, `process.env.API`'),
        ('external = ["a*b*"]', '`script.external`: "a*b*" is no name of a module'),
        ('rename = { "./a" = "b" }', '`script.rename`: "./a" is no name of a module'),
        ('rename = { "a/" = "b" }', '`script.rename`: "a/" is no name of a module'),
        ('rename = { "a/*" = "b" }', '`script.rename`: "a/*" is no name of a module'),
        ("inline-limit = -1", "`script.inline-limit`: -1, not 0 or more bytes"),
        ('css = "none"', '`script.css`: "none" is not a way to ship css: inject or file'),
        ("sourcemap = true", "`script.sourcemap`: true is not a kind of source map: none, external or inline"),
    ],
)
def test_a_wrong_value_in_the_config_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "widgetpack.toml").write_text(f"[script]\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(caught.value).partition(": ")[2] == message


@runs_anywhere
def test_the_settings_of_the_bundler_are_listed_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "widgetpack.toml").write_text('[script]\nminify = true\nentry = "a.ts"\n[script.define]\nA = 1\n')
    lines = list_settings(read_config(tmp_path), {}).splitlines()
    shown = lines[lines.index("[script]") + 1 : lines.index("[archive]") - 1]
    assert [re.sub(r" +#", " #", line) for line in shown if not line.endswith("# default")] == [
        f'entry = "a.ts" # {tmp_path}/widgetpack.toml:3',
        f"define = {{A = 1}} # {tmp_path}/widgetpack.toml:4",
        f"minify = true # {tmp_path}/widgetpack.toml:2",
    ]

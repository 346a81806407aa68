"""What needs another tool than esbuild is one error per reason, with the place, the count and the cure; what does not is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from native_builders import INDEX, built, needs_native, told

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

CURE = "let `[script] command` run the project's own build first (docs/migrating.md)"
COMPONENT = f"an imported picture is an address, no component; svgr makes one: {CURE}"
REACT = '[script]\nexternal = ["react"]\n'


@pytest.mark.parametrize(
    ("ending", "maker"),
    [
        ("vue", "Vue's compiler"),
        ("svelte", "Svelte's compiler"),
        ("pug", "the compiler of Pug"),
        ("scss", "Sass"),
        ("sass", "Sass"),
        ("less", "Less"),
        ("styl", "Stylus"),
        ("graphql", "a loader for GraphQL"),
        ("proto", "a tool of its own"),
    ],
)
def test_a_file_that_esbuild_cannot_read_names_what_can(tmp_path: Path, ending: str, maker: str) -> None:
    made = built(
        tmp_path, {"src/index.js": f"/**/ import A from './a.{ending}';\nexport default A;", f"src/a.{ending}": ""}
    )
    assert told(made, tmp_path) == [
        f"B01 error src/index.js:1:20 src/a.{ending}: a .{ending} file needs {maker}: {CURE}"
    ]
    assert made.failed


def test_each_reason_is_told_once_at_its_first_place(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {f"src/{name}.vue": "" for name in "abc"}
    sources |= {"src/x.scss": "", "src/z.ts": "import c from './c.vue';\nimport './x.scss';\nexport default c;"}
    sources["src/index.ts"] = (
        "import a from './a.vue';\nimport b from './b.vue';\nimport z from './z';\nexport default [a, b, z];"
    )
    assert told(built(tmp_path, sources), tmp_path) == [
        f"B01 error src/index.ts:1:15 src/a.vue and 2 more: a .vue file needs Vue's compiler: {CURE}",
        f"B01 error src/z.ts:2:8 src/x.scss: a .scss file needs Sass: {CURE}",
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "import { ReactComponent as Icon } from './x.svg';\nexport default Icon;",
            f"1:10 src/x.svg: {COMPONENT}",
        ),
        ("import Icon from './x.svg?react';\nexport default Icon;", f"1:18 ./x.svg?react: {COMPONENT}"),
        ("import Icon from './x.svg?component';\nexport default Icon;", f"1:18 ./x.svg?component: {COMPONENT}"),
        ("import Icon from './x.svg';\nexport default () => <Icon size='4'/>;", f"1:1 ./x.svg: {COMPONENT}"),
        (
            "import Icon from \"./x.svg\";\nimport * as React from 'react';\nexport default React.createElement(Icon, {});",
            f"1:1 ./x.svg: {COMPONENT}",
        ),
        (
            "import x from './x.svg?raw';\nexport default x;",
            f"1:15 ./x.svg?raw: only Vite knows `?raw`, which makes a text of the file: {CURE}",
        ),
        (
            "export { default } from './t.ts?worker&inline';",
            f"1:25 ./t.ts?worker&inline: only Vite knows `?worker`, which makes a worker of the file: {CURE}",
        ),
        (
            "import x from './a.css?url';\nexport default x;",
            f"1:15 ./a.css?url: only Vite knows `?url`, which makes an address of the file: {CURE}",
        ),
        (
            "export const all = require.context('./', true, /x/);",
            f"1:20 require.context: only webpack knows it: {CURE}",
        ),
        ("export default import.meta.glob('./*.ts');", f"1:16 import.meta.glob: only Vite knows it: {CURE}"),
        (
            "export default import.meta.env.VITE_API + import.meta.env.MODE;",
            (
                "1:16 import.meta.env.VITE_API and 1 more: only Vite sets it: set it below `[script.define]` "
                f'(`"import.meta.env.NAME" = "value"`), or {CURE}'
            ),
        ),
        (
            "const types = 'image/*';\nexport const all = [types, require.context('./', true, /x/)];\n/* end */",
            f"2:28 require.context: only webpack knows it: {CURE}",
        ),
        (
            "import x from 'raw-loader!./t.txt';\nexport default x;",
            f"1:15 raw-loader!./t.txt: only webpack runs loaders: {CURE}",
        ),
        (
            "import x from 'virtual:pages';\nexport default x;",
            f"1:15 virtual:pages: a plugin of the project's own build makes this module: {CURE}",
        ),
    ],
)
def test_what_vite_and_webpack_add_is_an_error(tmp_path: Path, source: str, message: str) -> None:
    files = {"src/x.svg": "<svg/>", "src/t.ts": "export default 3;", "src/a.css": ".w-a { top: 0 }"}
    made = built(tmp_path, {"src/index.jsx": source, **files}, REACT)
    assert told(made, tmp_path) == [f"B01 error src/index.jsx:{message}"]


def test_tailwind_is_an_error_in_the_css(tmp_path: Path) -> None:
    css = "/* @tailwind base; */\n@tailwind base;\n@tailwind utilities;\n"
    made = built(tmp_path, {"src/index.ts": f"import './a.css';\n{INDEX}", "src/a.css": css})
    assert told(made, tmp_path) == [
        f"B01 error src/a.css:2:1 @tailwind base and 1 more: Tailwind's own tool makes css of it: {CURE}"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import x from './x.svg?url';\nimport t from './t.txt?raw';\nimport i from './x.svg?inline';\nexport const all = [x, t, i];\n",
        "import icon from './x.svg';\nexport const all = <img src={icon}/>;\n",
        "import Icon from './x.svg';\n// <Icon />\n/* was\n <Icon /> */\nexport const all = [Icon];\n",
        "// require.context('./')\nexport const all = \"import.meta.glob('./*')\";\n",
        "const o = { require: { context: (x: string) => x } };\nexport const all = o.require.context('a');\n",
        "export const all = './x.svg?react';\n",
    ],
)
def test_what_esbuild_answers_rightly_is_no_error(tmp_path: Path, source: str) -> None:
    files = {"src/x.svg": "<svg/>", "src/t.txt": "text"}
    made = built(tmp_path, {"src/index.tsx": source + INDEX, **files}, REACT)
    assert told(made, tmp_path) == []


def test_a_name_of_import_meta_env_can_be_set(tmp_path: Path) -> None:
    config = '[script.define]\n"import.meta.env.VITE_API" = "https://api.widgets.dev"\n'
    made = built(tmp_path, {"src/index.ts": f"export const api = import.meta.env.VITE_API;\n{INDEX}"}, config)
    assert told(made, tmp_path) == []
    assert made.tree.files["script.js"].count(b'"https://api.widgets.dev"') == 1


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("if (import.meta.hot) { import.meta.hot.accept(); }\n", [5, 24]),
        ("export const mode = import.meta.env?.MODE;\n", [21]),
        ("export const mode = import.meta.env && import.meta.env.MODE;\n", [21, 40]),
        ("export const here = import.meta.url;\n", [21]),
    ],
)
def test_an_import_meta_that_does_no_harm_is_a_warning(tmp_path: Path, source: str, columns: list[int]) -> None:
    made = built(tmp_path, {"src/index.ts": source + INDEX.replace("this: any", "")})
    assert told(made, tmp_path) == [
        f"B02 warning src/index.ts:1:{column} import.meta is empty in a script of the page" for column in columns
    ]


@pytest.mark.parametrize("name", ["@/api", "~/api", "~api", "#api"])
def test_an_alias_of_another_tool_is_no_package(tmp_path: Path, name: str) -> None:
    made = built(tmp_path, {"src/index.js": f"import api from '{name}';\nexport default api;"})
    assert told(made, tmp_path) == [
        f'B01 error src/index.js:1:17 "{name}" leads nowhere: an alias of another tool; `paths` in tsconfig.json say it here, too'
    ]

"""What esbuild says becomes findings: errors, warnings, their notes, and what to do about an import that leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import brief
from native_builders import INDEX, built, needs_native, project, told

from widgetpack.config.settings import read_config
from widgetpack.native.messages import Message, Note, Spot, load_messages
from widgetpack.pipeline import validate
from widgetpack.toolchain.executable import EsbuildError

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = """
▲ [WARNING] Duplicate key "b" in object literal [duplicate-object-key]

    src/a b.ts:5:18:
      5 │ const a = { b: 1, b: 2 };
        ╵                   ^

  The original key "b" is here:

    src/a b.ts:5:12:
      5 │ const a = { b: 1, b: 2 };
        ╵             ^

✘ [ERROR] Could not resolve "x [y]"

    C:/w/src/b.ts:12:0:
      12 │ import "x";    src/c.ts:1:2:
         ╵        ~~~

  You can mark the path "x" as external.

✘ [ERROR] No entry

1 warning and 2 errors
"""


def test_what_esbuild_prints_is_read() -> None:
    assert load_messages(PRINTED.encode()) == (
        Message(
            "warning",
            'Duplicate key "b" in object literal',
            "duplicate-object-key",
            Spot("src/a b.ts", 5, 18),
            (Note('The original key "b" is here:', Spot("src/a b.ts", 5, 12)),),
        ),
        Message(
            "error",
            'Could not resolve "x [y]"',
            "",
            Spot("C:/w/src/b.ts", 12, 0),
            (Note('You can mark the path "x" as external.', None),),
        ),
        Message("error", "No entry", "", None, ()),
    )


@pytest.mark.parametrize("text", ["", "garbage\n\0\xff", "    a:1:2:\n  note\n", "1 error\n"])
def test_other_text_is_no_message(text: str) -> None:
    assert load_messages(text.encode("latin-1")) == ()


needs = needs_native


@needs
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("/* тест */ import x from './none';", 'B01 error src/index.ts:1:26 "./none" leads nowhere: no such file'),
        (
            "import x from '@s/p-k/deep';",
            (
                'B01 error src/index.ts:1:15 "@s/p-k/deep" leads nowhere: `npm install @s/p-k`, or `paths` in tsconfig.json,'
                " or `[script] external` for a module of the page"
            ),
        ),
        (
            "import x from 'node:fs';",
            'B01 error src/index.ts:1:15 "node:fs" leads nowhere: a module of Node, which no browser has',
        ),
        (
            "import x from 'fs';",
            'B01 error src/index.ts:1:15 "fs" leads nowhere: a module of Node, which no browser has',
        ),
        (
            "import x from './a.vue';",
            (
                "B01 error src/index.ts:1:15 src/a.vue: a .vue file needs Vue's compiler: let `[script] command` run the project's"
                " own build first (docs/migrating.md)"
            ),
        ),
        ("const a = 'é' + ;", 'B01 error src/index.ts:1:17 unexpected ";"'),
    ],
)
def test_a_source_that_cannot_be_bundled_is_told_at_its_place(tmp_path: Path, source: str, message: str) -> None:
    made = built(tmp_path, {"src/index.ts": source + "\nconsole.log(x);\n", "src/a.vue": "<template/>"})
    assert told(made, tmp_path) == [message]
    assert (made.failed, "script.js" in made.tree.files) == (True, False)


@needs
def test_notes_are_related_places(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": "\nlet q = 1;\nlet q = 2;\nexport default q;\n"})
    (finding,) = validate(home, read_config(home)).findings
    assert brief((finding,)) == ['B01 error src/index.ts:3:5 the symbol "q" has already been declared']
    assert (finding.source, finding.text) == (home.as_posix(), "let q = 2;")
    assert [tuple(place) for place in finding.related] == [
        ("src/index.ts", 2, 5, 'The symbol "q" was originally declared here')
    ]


@needs
def test_a_warning_leaves_the_script_and_tells_what_esbuild_advises(tmp_path: Path) -> None:
    text = "import * as $ from 'jquery';\n$('x');\n" + INDEX
    home = project(tmp_path, {"src/index.ts": text})
    found = validate(home, read_config(home)).findings
    assert brief(found) == [
        'B02 warning src/index.ts:2:1 calling "$" will crash at run-time because it\'s an import namespace object, not a function'
    ]
    assert [(place.line, place.column, place.message) for place in found[0].related] == [
        (1, 8, 'Consider changing "$" to a default import instead')
    ]


@needs
def test_warnings_about_packages_are_not_told(tmp_path: Path) -> None:
    package = "module.exports = { a: 1, a: 2 };\n"
    made = built(
        tmp_path, {"src/index.ts": "import p from 'p';\nexport default p;\n", "node_modules/p/index.js": package}
    )
    assert told(made, tmp_path) == []


@needs
def test_an_error_in_a_package_is_told_at_its_place(tmp_path: Path) -> None:
    made = built(tmp_path, {"src/index.ts": "import 'p';\n", "node_modules/p/index.js": "let a;\nimport 'q';\n"})
    assert told(made, tmp_path) == [
        'B01 error node_modules/p/index.js:2:8 "q" leads nowhere: `npm install q`, or `paths` in tsconfig.json, or `[script] external` for a module of the page'
    ]
    assert [path.removeprefix(f"{tmp_path}/") for path in made.inputs] == ["src/index.ts"]


@needs
def test_a_target_that_only_esbuild_could_tell_to_be_none_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(EsbuildError) as caught:
        built(tmp_path, {"src/index.ts": INDEX}, '[script]\ntarget = "es2029"\n')
    assert caught.value.words == 'knows no target "es2029": `[script] target` in the config'


@needs
def test_a_fault_of_tsconfig_and_of_css_has_its_place(tmp_path: Path) -> None:
    made = built(tmp_path / "a", {"src/index.ts": INDEX, "tsconfig.json": '{ "compilerOptions": {\n'})
    assert told(made, tmp_path / "a") == ["B01 error tsconfig.json:2:1 expected string in JSON but found end of file"]
    made = built(tmp_path / "b", {"src/index.ts": "import './a.css';\n" + INDEX, "src/a.css": ".a { colr: red }\n"})
    assert told(made, tmp_path / "b") == [
        'B02 warning src/a.css:1:6 "colr" is not a known CSS property (Did you mean "color" instead?)'
    ]


@needs
def test_manifest_and_texts_are_judged_although_the_sources_are_broken(tmp_path: Path) -> None:
    home = project(tmp_path, {"src/index.ts": "export default ;"}, 'ignore = ["S12", "B02"]\n')
    manifest = home / "public/manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"1.0.0"', b"1"))
    found = brief(validate(home, read_config(home)).findings)
    assert found == [
        "M02 error manifest.json:6:16 1, a number, not a string",
        'B01 error src/index.ts:1:16 unexpected ";"',
    ]

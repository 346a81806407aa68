"""Local names of css modules: no other widget has them, script and css agree on them, and source maps stay exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from native_builders import built, needs_native, position, run, script

from widgetpack.native import sourcemap

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

MODULE = """.a { composes: c from './c.module.css'; composes: b; color: red }
.b { top: 0 }
:global(.outside) .d { top: 1px }
@keyframes turn { from { top: 0 } }
.e { animation: 1s turn, other 2s; width: .5em; user-select: none }
.\u0436:hover > .b:not(.a)::before { content: '.a .b'; color: #b0b }
.x\\:y { top: 2px }
#id { top: 0 }
@container box (min-width: 1px) { .a { top: 3px } }
.f { container-name: box }
"""
SOURCES: dict[str, str | bytes] = {
    "src/index.js": "import s from './a.module.css'; import { b as other } from './b.module.css';\n"
    "const mark = '\U0001f642'; export default [s, other, 'a_b', 'b', mark]; globalThis.mark = 1;\n",
    "src/a.module.css": MODULE,
    "src/b.module.css": ".b { left: 0 } .unused { top: 3px }\n",
    "src/c.module.css": ".c { left: 0 }\n",
}
NAMES = {
    "a": "c_c_d4825 a_b_437f7 a_a_437f7",
    "b": "a_b_437f7",
    "d": "a_d_437f7",
    "turn": "a_turn_437f7",
    "e": "a_e_437f7",
    "\u0436": "a_\u0436_437f7",
    "x:y": "a_x:y",
    "id": "a_id_437f7",
    "box": "a_box_437f7",
    "f": "a_f_437f7",
    "other": "a_other",
}
CSS = (
    ".c_c_d4825 {\n  left: 0;\n}\n\n.a_a_437f7 {\n  color: red;\n}\n.a_b_437f7 {\n  top: 0;\n}\n"
    ".outside .a_d_437f7 {\n  top: 1px;\n}\n@keyframes a_turn_437f7 {\n  from {\n    top: 0;\n  }\n}\n"
    ".a_e_437f7 {\n  animation: 1s a_turn_437f7, a_other 2s;\n  width: .5em;\n  -webkit-user-select: none;\n  user-select: none;\n}\n"
    '.a_\u0436_437f7:hover > .a_b_437f7:not(.a_a_437f7)::before {\n  content: ".a .b";\n  color: #b0b;\n}\n'
    ".a_x\\:y {\n  top: 2px;\n}\n#a_id_437f7 {\n  top: 0;\n}\n"
    "@container a_box_437f7 (min-width: 1px) {\n  .a_a_437f7 {\n    top: 3px;\n  }\n}\n"
    ".a_f_437f7 {\n  container-name: a_box_437f7;\n}\n\n.b_b_4a47d {\n  left: 0;\n}\n.b_unused_4a47d {\n  top: 3px;\n}\n"
)


def test_names_carry_a_digest_of_their_file_in_script_and_css(tmp_path: Path) -> None:
    result = run(script(built(tmp_path, SOURCES)))
    assert result["value"] == [NAMES, "b_b_4a47d", "a_b", "b", "\U0001f642"]
    assert result["styles"][0]["textContent"] == CSS


def test_minified_names_are_as_unlike_those_of_other_widgets(tmp_path: Path) -> None:
    result = run(script(built(tmp_path, SOURCES, "[script]\nminify = true\n")))
    names, other, *rest = result["value"]
    assert rest == ["a_b", "b", "\U0001f642"]
    css = result["styles"][0]["textContent"]
    c, b, a = names["a"].split(" ")
    assert [name.partition("_")[2] for name in (c, b, a, other)] == ["d4825", "437f7", "437f7", "4a47d"]
    assert b == names["b"]
    assert css.startswith(
        f".{c}{{left:0}}.{a}{{color:red}}.{b}{{top:0}}.outside .{names['d']}{{top:1px}}@keyframes {names['turn']}{{0%{{top:0}}}}"
        f".{names['e']}{{animation:1s {names['turn']},"
    )
    assert css.count('content:".a .b"') == 1
    assert [css.count(f".{other}{{left:0}}"), css.count(f"#{names['id']}{{top:0}}")] == [1, 1]


def test_two_widgets_with_modules_of_one_name_have_no_name_in_common(tmp_path: Path) -> None:
    names = []
    for place, color in (("one", "red"), ("two", "blue")):
        sources: dict[str, str | bytes] = {
            "src/index.js": "import s from './App.module.css';\nexport default s.app;\n",
            "src/App.module.css": f".app {{ color: {color} }}\n",
        }
        names += [
            run(script(built(tmp_path / place / mode, sources, f"[script]\nminify = {mode}\n")))["value"]
            for mode in ("true", "false")
        ]
    assert len(set(names)) == 4


@pytest.mark.parametrize("minify", ["true", "false"])
def test_the_map_is_exact_behind_a_longer_name(tmp_path: Path, minify: str) -> None:
    made = built(tmp_path, SOURCES, f'[script]\nsourcemap = "external"\nminify = {minify}\n')
    code, text = script(made), SOURCES["src/index.js"]
    assert isinstance(text, str)
    line, column = position(code, "globalThis")
    found = [origin for origin in sourcemap.load_lines(made.maps["script.js"])[line] if origin.column <= column][-1]
    assert (found.source, found.line, found.at) == ("src/index.js", *position(text, "globalThis"))
    assert found.column == column


def test_css_in_a_file_has_the_same_names(tmp_path: Path) -> None:
    made = built(tmp_path, SOURCES, '[script]\ncss = "file"\n')
    assert run(script(made))["value"][0] == NAMES
    assert made.tree.files["style.css"].decode() == CSS


def test_css_that_is_no_module_keeps_its_names(tmp_path: Path) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.js": "import './a.css';\nimport s from './b.module.css';\nexport default s;\n",
        "src/a.css": ".b_x { top: 0 }\n.x { top: 1px }\n",
        "src/b.module.css": ".x { top: 2px }\n:global(.y) { top: 3px }\n",
    }
    result = run(script(built(tmp_path, sources)))
    assert result["value"] == {"x": "b_x2_27cb2"}
    assert result["styles"][0]["textContent"] == (
        ".b_x {\n  top: 0;\n}\n.x {\n  top: 1px;\n}\n\n.b_x2_27cb2 {\n  top: 2px;\n}\n.y {\n  top: 3px;\n}\n"
    )


@pytest.mark.parametrize("minify", ["true", "false"])
@pytest.mark.parametrize("options", ["inline-limit = 10\n", 'css = "file"\n', ""])
@pytest.mark.parametrize("tail", ["", "define([], () => 0);\n"])
def test_every_mark_in_every_source_is_found_through_the_map(
    tmp_path: Path, minify: str, options: str, tail: str
) -> None:
    sources: dict[str, str | bytes] = {
        "src/index.tsx": "import s from './a.module.css'; import { two } from './two'; import p from './p.png';\n"
        "interface Gone { a: 1 }\nglobalThis.mark1 = [s.b, p, '\U0001f642'] as unknown; globalThis.mark2 = two as any as Gone;\n"
        + tail,
        "src/two.ts": "import t from './b.module.css';\r\nimport p from './p.png';\r\n"
        "export const two = (globalThis.mark3 = [t.b, p], '\u044f', globalThis.mark4);\r\n",
        "src/a.module.css": SOURCES["src/b.module.css"],
        "src/b.module.css": SOURCES["src/b.module.css"],
        "src/p.png": b"\x89PNG" + bytes(40),
    }
    made = built(tmp_path, sources, f'[script]\nsourcemap = "external"\nminify = {minify}\n{options}')
    code, lines = script(made), sourcemap.load_lines(made.maps["script.js"])
    places = {"mark1": "src/index.tsx", "mark2": "src/index.tsx", "mark3": "src/two.ts", "mark4": "src/two.ts"}
    for word, source in places.items():
        text = sources[source]
        assert isinstance(text, str)
        line, column = position(code, f"globalThis.{word}")
        # Indented by esbuild, a statement begins where its line does.
        indent = len(code.split("\n")[line]) - len(code.split("\n")[line].lstrip())
        found = [origin for origin in lines[line] if origin.column in {column, column - indent}][-1]
        assert (found.source, found.line, found.at) == (source, *position(text, f"globalThis.{word}"))

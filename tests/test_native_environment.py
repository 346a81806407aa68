"""Names that a build puts values in place of: whole objects, patterns, files in odd encodings, secrets under any name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from native_builders import built, needs_native, run, runs_anywhere, script, told

from widgetpack.native.env import load_env_file

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_native

DEFINED = '[script.define]\n"process.env.A" = "a"\n"process.env.B" = "b"\n"process.env.NEVER" = "never asked for"\n'


@pytest.mark.parametrize("minify", ["", "[script]\nminify = true\n"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("const { A, B: c } = process.env; export default [A, c];", ["a", "b"]),
        ("const { A, D = 'd' } = process.env; export default [A, D];", ["a", "d"]),
        ("const all = process.env; export default [all.A, all['B'], all.D];", ["a", "b", None]),
        ("const { A, ...rest } = process.env; export default [A, rest.B];", ["a", "b"]),
        ("export default ['A' in process.env, 'D' in process.env];", [True, False]),
        ("export default process.env;", {}),
    ],
)
def test_an_object_that_is_asked_for_as_a_whole_holds_the_names_that_the_script_knows(
    tmp_path: Path, text: str, value: object, minify: str
) -> None:
    made = built(tmp_path, {"src/index.js": text}, minify + DEFINED)
    code = script(made)
    assert run(code)["value"] == value
    assert told(made, tmp_path) == []
    assert "never asked for" not in code


def test_names_that_are_taken_from_the_object_are_told_where_nobody_set_them(tmp_path: Path) -> None:
    text = "const { A, C, D: d, E = 1 } = process.env;\nexport default [A, C, d, E];\n"
    made = built(tmp_path, {"src/index.js": text}, DEFINED)
    assert run(script(made))["value"] == ["a", None, None, 1]
    assert told(made, tmp_path) == [
        "B03 warning src/index.js:1:12 process.env.C is set nowhere: it becomes undefined",
        "B03 warning src/index.js:1:15 process.env.D is set nowhere: it becomes undefined",
    ]


def test_a_name_in_other_letters_is_told_too(tmp_path: Path) -> None:
    made = built(tmp_path, {"src/index.js": "export default [process.env.\u0418\u041c\u042f, process.env['a-b']];\n"})
    assert run(script(made))["value"] == [None, None]
    assert told(made, tmp_path) == [
        "B03 warning src/index.js:1:17 process.env.\u0418\u041c\u042f is set nowhere: it becomes undefined",
        "B03 warning src/index.js:1:34 process.env.a-b is set nowhere: it becomes undefined",
    ]


def test_a_secret_is_told_however_its_name_is_asked_for(tmp_path: Path) -> None:
    text = "const { API_SECRET } = process.env;\nexport default [API_SECRET, __BOT_TOKEN__, __TITLE__];\n"
    config = '[script]\nenv-file = ".env"\n[script.define]\n__BOT_TOKEN__ = "12345-abcde"\n__TITLE__ = "No secret"\n'
    made = built(tmp_path, {"src/index.js": text, ".env": "API_SECRET=Zx81kQpLm02\n"}, config)
    assert run(script(made))["value"] == ["Zx81kQpLm02", "12345-abcde", "No secret"]
    assert told(made, tmp_path) == [
        "B04 warning src/index.js:1:9 the value of process.env.API_SECRET ships in the script for all to read",
        "B04 warning src/index.js:2:29 the value of __BOT_TOKEN__ ships in the script for all to read",
    ]


def test_the_mark_of_the_first_run_in_a_source_does_no_harm(tmp_path: Path) -> None:
    text = "export default ['__widgetpack_env__', '__widgetpack_env__.A', typeof process.env.A];\n"
    made = built(tmp_path, {"src/index.js": text}, '[script.define]\n"process.env" = "none"\n')
    assert run(script(made))["value"] == ["__widgetpack_env__", "__widgetpack_env__.A", "undefined"]


@runs_anywhere
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("HOST=https://a.dev\nAPI=${HOST}/v1\n", {"HOST": "https://a.dev", "API": "https://a.dev/v1"}),
        ("A=1\nB=\"$A-${A}\"\nC='$A'\nD=`$A`\n", {"A": "1", "B": "1-1", "C": "$A", "D": "1"}),
        ('A=1\nB="\\$A"\n', {"A": "1", "B": "$A"}),
        ("B=$A\nA=1\nP=pa$$word$\n", {"B": "$A", "A": "1", "P": "pa$$word$"}),
    ],
)
def test_names_of_the_file_are_filled_in_and_no_others(text: str, values: dict[str, str]) -> None:
    assert load_env_file(text.encode()) == values


@runs_anywhere
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_an_env_file_may_have_the_mark_of_its_encoding(encoding: str) -> None:
    assert load_env_file("A=\u044f\r\nB=2\r\n".encode(encoding)) == {"A": "\u044f", "B": "2"}

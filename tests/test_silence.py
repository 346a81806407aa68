"""Silence: which findings are told after settings and comments have spoken, and which silences are of no use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Files, archive, archive_tree, folder, png, tree, widget
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.config.settings import Config, read_config
from widgetpack.model import Tree
from widgetpack.pipeline import build, validate
from widgetpack.rules import RULES, check
from widgetpack.silence.apply import silence
from widgetpack.silence.inline import load_comments
from widgetpack.widget import load_widget

FAULTY = b"define([], function () {\n  debugger;\n  eval('1');\n  return function () { return true; };\n});\n"
"""S23 on line 2 and S20 on line 3."""
FILES = widget(files={"lib/greet.js": FAULTY, "images/logo_min.png": png(42, 42)})
LOUD = ["I02 error images/logo_min.png:1", "S23 warning lib/greet.js:2", "S20 warning lib/greet.js:3"]


def told(source: Files | Tree, **options: Any) -> list[str]:
    """Return ``CODE severity path:line`` of what is told; of family U also the words."""
    given = source if isinstance(source, Tree) else tree(source)
    judged = load_widget(given, Config(Path(), **options))
    found, _ = silence(judged, check(judged))
    return [
        f"{item.code} {item.severity} {item.path}:{item.line}" + (f" {item.message}" if item.code[0] == "U" else "")
        for item in found
    ]


def scripted(text: str, name: str = "lib/greet.js") -> list[str]:
    return told(widget(files={name: text.encode()}))


def test_without_silences_all_is_told() -> None:
    assert told(FILES) == LOUD


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"select": ("S",)}, LOUD[1:]),
        ({"select": ("I02", "s23")}, LOUD[:2]),
        ({"select": ("wrong_size",)}, LOUD[:1]),
        ({"select": ("wrong-size",)}, LOUD[:1]),
        ({"ignore": ("S",)}, LOUD[:1]),
        ({"ignore": ("S2",)}, LOUD[:1]),
        ({"ignore": ("ALL",)}, []),
        ({"select": ("S",), "ignore": ("S2",)}, []),
        ({"select": ("S20",), "ignore": ("S2",)}, LOUD[2:]),
        ({"select": ("S",), "ignore": ("S23",)}, LOUD[2:]),
        ({"select": ("S23",), "ignore": ("S23",)}, []),
        ({"select": ("S23", "ALL"), "ignore": ("S",)}, LOUD[:2]),
        ({"per_file_ignores": (("lib/", ("S",)),)}, LOUD[:1]),
        ({"per_file_ignores": (("*.js", ("S20",)),)}, LOUD[:2]),
        ({"per_file_ignores": (("images/*", ("ALL",)), ("greet.js", ("evaluated_text",)))}, LOUD[1:2]),
        ({"severity": (("S", "info"), ("S23", "error"))}, [LOUD[0], "S23 error lib/greet.js:2", "S20 info lib/greet.js:3"]),
        ({"severity": (("S", "error"), ("S", "info"))}, [LOUD[0], "S23 info lib/greet.js:2", "S20 info lib/greet.js:3"]),
        ({"severity": (("I02", "warning"),), "ignore": ("S",)}, ["I02 warning images/logo_min.png:1"]),
        ({"select": ("S20", "I"), "ignore": ("S",), "origins": (("ignore", "--ignore"),)}, LOUD[:1]),
        ({"select": ("S",), "ignore": ("S20",), "origins": (("select", "--select"),)}, LOUD[1:]),
        (
            {"select": ("S",), "ignore": ("S20",), "origins": (("select", "WIDGETPACK_SELECT"), ("ignore", "--ignore"))},
            LOUD[1:2],
        ),
        (
            {"severity": (("S", "info"), ("S20", "error")), "origins": (("severity.S", "--severity"),)},
            [LOUD[0], "S23 info lib/greet.js:2", "S20 info lib/greet.js:3"],
        ),
    ],
)  # fmt: skip
def test_settings_choose_what_is_told(options: dict[str, Any], expected: list[str]) -> None:
    assert told(FILES, **options) == expected


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("debugger; // widgetpack: ignore S23", []),
        ("debugger; // widgetpack:ignore S23 -- the vendor's way", []),
        ("debugger; /* widgetpack: ignore */", []),
        ("debugger; // eslint-disable-line widgetpack: ignore debugger-left, S", []),
        ("/* widgetpack: ignore ALL */ debugger;", []),
        ("// widgetpack: ignore s23\n\n  // and why\n/* more\n*/\n  debugger;", []),
        ("// widgetpack: ignore S01, S23\ndebugger;", ["U01 warning lib/greet.js:2 S01 finds nothing on line 3"]),
        (
            "// widgetpack: ignore S23\nlet a;\ndebugger;",
            ["S23 warning lib/greet.js:4", "U01 warning lib/greet.js:2 S23 finds nothing on line 3"],
        ),
        ("let a = '// widgetpack: ignore S23'; debugger;", ["S23 warning lib/greet.js:2"]),
        ("let a = /widgetpack: ignore S23/; debugger;", ["S23 warning lib/greet.js:2"]),
        ("let a = `\n// widgetpack: ignore S23\n`; debugger;", ["S23 warning lib/greet.js:4"]),
        ("debugger; // see `widgetpack: ignore S23`", ["S23 warning lib/greet.js:2"]),
        ("debugger; // widgetpack: see the docs", ["S23 warning lib/greet.js:2"]),
        (
            "// widgetpack: ignore S24\ndebugger;",
            ["S23 warning lib/greet.js:3", "U01 warning lib/greet.js:2 S24 finds nothing on line 3"],
        ),
        ("let a; // widgetpack: ignore", ["U01 warning lib/greet.js:2 no rule finds anything on line 2"]),
        ("let a; // widgetpack: ignore U01 S24 S23", []),
        ("let a; // widgetpack: ignore S24 S20", ["U01 warning lib/greet.js:2 S24 and S20 find nothing on line 2"]),
        (
            "debugger; // widgetpack: ignore as it is",
            ["S23 warning lib/greet.js:2", "U01 warning lib/greet.js:2 as names no rule"],
        ),
        (
            "debugger; // widgetpack: ignore S23 debuger_left",
            ["U01 warning lib/greet.js:2 debuger_left names no rule, did you mean debugger_left?"],
        ),
        (
            "// widgetpack: ignore-next-line S23\ndebugger;",
            [
                "S23 warning lib/greet.js:3",
                "U01 warning lib/greet.js:2 `ignore-next-line` is neither `ignore` nor `ignore-file`",
            ],
        ),
        (
            "// widgetpack: ignore-file S23\ndebugger;",
            [
                "S23 warning lib/greet.js:3",
                "U01 warning lib/greet.js:2 `ignore-file` counts only at the top of the file, above all code",
            ],
        ),
    ],
)
def test_a_comment_silences_its_line_or_the_next_code(line: str, kept: list[str]) -> None:
    script = f"define([], function () {{\n{line}\n  return function () {{ return true; }};\n}});\n"
    assert sorted(scripted(script)) == sorted(kept)


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("// widgetpack: ignore-file S2\n", []),
        ("\ufeff/* licence */\r\n\r\n/* widgetpack: ignore-file */\r\n", []),
        ("// widgetpack: ignore-file S23\n", ["S20 warning lib/greet.js:4"]),
        (
            "// widgetpack: ignore-file S2 S01\n",
            ["U01 warning lib/greet.js:1 S01 finds nothing in this file"],
        ),
    ],
)
def test_a_comment_at_the_top_silences_the_file(head: str, kept: list[str]) -> None:
    files = widget(files={"lib/greet.js": head.encode() + FAULTY})
    assert told(files, ignore=("J", "A")) == kept


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("lib/a.css", "p { color: red } /* widgetpack: ignore C01 */", []),
        ("lib/a.css", "/* widgetpack: ignore global-selector */\np { color: red }", []),
        ("lib/a.css", "p::after { content: '/* widgetpack: ignore */' }", ["C01 warning lib/a.css:1"]),
        (
            "lib/a.css",
            "/*widgetpack: ignore C01*/\n\n.good {}",
            ["U01 warning lib/a.css:1 C01 finds nothing on line 3"],
        ),
        ("a.html", "<!-- widgetpack: ignore M01 -->\n<p></p>", ["U01 warning a.html:1 M01 finds nothing on line 2"]),
        ("a.twig", "<p>{# widgetpack: ignore M01 #}</p>", ["U01 warning a.twig:1 M01 finds nothing on line 1"]),
        ("a.twig", "{{ '{# widgetpack: ignore #}' }}", []),
        ("a.twig", "{# widgetpack: ignore-file M01 -- x #}", ["U01 warning a.twig:1 M01 finds nothing in this file"]),
        ("a.txt", "// widgetpack: ignore M01", []),
    ],
)
def test_styles_and_templates_have_comments_of_their_own(name: str, text: str, kept: list[str]) -> None:
    assert told(widget(files={name: text.encode()}), select=("C01", "M", "U")) == kept


def test_a_comment_in_jsx_stands_in_braces() -> None:
    script = (
        "define([], function () {\n  return (\n    <div>\n      {/* widgetpack: ignore S20 */}\n"
        "      <b title={eval('1')} />\n    </div>\n  );\n});\n"
    )
    assert scripted(script) == []


PIECES = ["widgetpack: ignore", "-file", " S23", "//", "/*", "*/", "{#", "#}", "<!--", "-->", "{{", "}}", "'", '"', "`", "\n", "\r", " ", "{", "}", "\\"]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join), st.sampled_from(["a.js", "a.css", "a.twig"])
)
def test_no_text_makes_the_search_for_comments_raise(text: str, path: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    lines = data.count(b"\n") + 1
    for comment in load_comments(path, data):
        assert data[comment.offset :].startswith(b"widgetpack:")
        assert 1 <= comment.first <= data.count(b"\n", 0, comment.offset) + 1 <= comment.last <= lines


def test_many_comments_cost_no_square() -> None:
    found = told(widget(files={"lib/greet.js": b"// widgetpack: ignore S23\n" * 5000 + FAULTY}), select=("S", "U"))
    assert found[:1] + found[-1:] == [
        "U01 warning lib/greet.js:1 S23 finds nothing on line 5001",
        "S20 warning lib/greet.js:5003",
    ]
    assert len(found) == 5002


def test_of_a_finished_zip_comments_count_and_nothing_is_called_unused() -> None:
    script = FAULTY.replace(b"debugger;", b"debugger; // widgetpack: ignore S23").replace(
        b"'1');", b"'1'); // widgetpack: ignore M01"
    )
    given = archive_tree(archive(widget(files={"lib/greet.js": script})))
    assert told(given, ignore=("M05",)) == ["S20 warning lib/greet.js:3"]


def configured(base: Path, text: str, files: Files = FILES) -> Path:
    return folder(base, {**files, "widgetpack.toml": text.encode()})


def unused(base: Path, **changes: Any) -> list[str]:
    found = validate(base, read_config(base)._replace(**changes)).findings
    return [
        f"{item.source}/{item.path}:{item.line}:{item.column} {item.message}".removeprefix(base.as_posix() + "/")
        for item in found
        if item.code[0] == "U"
    ]


UNUSED = """ignore = ["S23", "I01", "M", "A01", "U01", "M24"]
[per-file-ignores]
"images/" = ["I02", "I03"]
"gone/*.js" = ["S20", "S23"]
"lib/*" = ["I01", "S23"]
[severity]
S20 = "info"
S22 = "error"
I02 = "warning"
S03 = "info"
"""


def test_entries_of_a_config_that_change_nothing_are_told_at_their_place(tmp_path: Path) -> None:
    # M holds M24, which needs an earlier release; A01 needs an archive; to make S22 graver is a policy.
    assert unused(configured(tmp_path / "w", UNUSED)) == [
        "widgetpack.toml:1:18 `ignore`: I01 finds nothing",
        "widgetpack.toml:3:21 `per-file-ignores`: I03 finds nothing in `images/`",
        "widgetpack.toml:4:1 `per-file-ignores`: `gone/*.js` names no file of the widget",
        "widgetpack.toml:10:1 `severity`: S03 finds nothing",
    ]


def test_entries_in_a_projects_file_are_told_there(tmp_path: Path) -> None:
    base = folder(tmp_path / "w", {**FILES, "pyproject.toml": b'[tool.widgetpack]\n"ignore" = [\n  "S03", # no\n]\n'})
    assert unused(base) == ["pyproject.toml:3:3 `ignore`: S03 finds nothing"]


def test_the_place_is_the_configs_where_the_root_is_deeper(tmp_path: Path) -> None:
    base = folder(tmp_path / "w", {f"src/{path}": data for path, data in FILES.items()})
    (base / "widgetpack.toml").write_text('ignore = ["S03"]')
    assert unused(base) == ["widgetpack.toml:1:11 `ignore`: S03 finds nothing"]


@pytest.mark.parametrize(
    "changes",
    [
        {"origins": (("target", "--target"),), "target": "amocrm"},
        {"origins": (("audience", "WIDGETPACK_AUDIENCE"),)},
        {"origins": (("bundle", "--raw"),), "bundle": False},
        {"select": ("I", "M", "U")},
        {"ignore": ("U02", "S0")},
        {"ignore": ("S03",), "origins": (("ignore", "WIDGETPACK_IGNORE"),)},
        {"ignore": ("S03",), "origins": (("ignore", "--ignore"),), "alone": False},
    ],
)
def test_what_may_be_of_use_in_another_run_is_not_told(tmp_path: Path, changes: dict[str, Any]) -> None:
    base = configured(tmp_path, '[per-file-ignores]\n"lib/" = ["S03"]\n' if "ignore" not in changes else "")
    assert unused(base, **changes) == []


def test_an_ignore_of_the_command_line_that_finds_nothing_is_told_without_a_place(tmp_path: Path) -> None:
    base = configured(tmp_path, "")
    found = validate(base, Config(base, ignore=("S03", "S2"), origins=(("ignore", "--ignore"),))).findings
    assert [(item.code, item.path, item.message) for item in found] == [
        ("U02", "", "`--ignore`: S03 finds nothing"),
        ("I02", "images/logo_min.png", "42x42, not 84x84"),
    ]


def test_a_config_that_serves_several_widgets_is_not_judged_by_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "widgetpack.toml").write_text('ignore = ["S03", "S2", "I02"]')
    assert validate(folder(tmp_path / "one", FILES), read_config(tmp_path / "one")).findings == ()


@pytest.mark.parametrize("broken", ["script.js", "manifest.json", "i18n/en.json"])
def test_of_a_widget_that_cannot_be_read_as_a_whole_nothing_is_called_unused(tmp_path: Path, broken: str) -> None:
    assert unused(configured(tmp_path, 'ignore = ["I01"]', {**FILES, broken: b"{"})) == []


def test_a_silenced_error_does_not_stop_a_build(tmp_path: Path) -> None:
    base = configured(tmp_path, 'ignore = ["I02"]\noutput = "w.zip"')
    config = read_config(base)
    assert build(base, config._replace(ignore=()), 10**9).artifact is None
    result = build(base, config, 10**9)
    assert [item.code for item in result.findings] == ["S23", "S20"]
    assert (tmp_path / "w.zip").is_file()
    assert build(base, config._replace(severity=(("S", "error"),)), 10**9).artifact is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", ["A12 warning"]),
        ('ignore = ["A1"]', []),
        ('select = ["M", "S"]', []),
        ('[severity]\nA = "info"', ["A12 info"]),
        ('[per-file-ignores]\n"lib/._*" = ["junk"]', []),
        ('[per-file-ignores]\n"lib/._*" = ["A15", "A12"]', ["U02 warning"]),
    ],
)
def test_findings_in_the_archive_are_silenced_too(tmp_path: Path, settings: str, expected: list[str]) -> None:
    text = f'include = ["lib/._a.txt"]\n{settings}'
    base = configured(tmp_path, text, widget(files={"lib/._a.txt": b"x"}))
    assert [f"{item.code} {item.severity}" for item in build(base, read_config(base), 10**9).findings] == expected


def test_what_is_silent_in_the_sources_does_not_come_back_from_the_archive(tmp_path: Path) -> None:
    base = configured(tmp_path, '[per-file-ignores]\n"a b.txt" = ["A"]', widget(files={"a b.txt": b"x"}))
    config = read_config(base)._replace(output="w.zip")
    assert build(base, config, 10**9).findings == ()


def test_a_run_that_judges_the_archive_tells_unused_rules_of_archives(tmp_path: Path) -> None:
    base = configured(tmp_path, 'ignore = ["A01"]', widget())
    assert unused(base) == []
    found = build(base, read_config(base), 10**9).findings
    assert [(item.code, item.message) for item in found] == [("U02", "`ignore`: A01 finds nothing")]


def test_every_rule_about_silences_has_a_test_here() -> None:
    # U01 and U02 above, U03 in test_silence_baseline.py.
    assert sorted(code for code in RULES if code[0] == "U") == ["U01", "U02", "U03"]

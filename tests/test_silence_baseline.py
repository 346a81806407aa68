"""The baseline: what is known is silent, what is new is told, what is mended is counted; each way a file can be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import Files, folder, png, widget
from hypothesis import given
from hypothesis import strategies as st

from widgetpack.config.settings import Config, read_config
from widgetpack.errors import EXIT_TOOL, EXIT_USAGE, UsageError, WriteError
from widgetpack.model import Finding
from widgetpack.pipeline import Result, build, validate
from widgetpack.silence.baseline import Known, baseline_text, read_baseline, widget_key, write_baseline
from widgetpack.silence.fingerprints import fingerprints

SCRIPT = b"define([], function () {\n  eval('1');\n  eval('2');\n  return function () { return true; };\n});\n"
OLD = widget(files={"lib/greet.js": SCRIPT, "images/logo_min.png": png(42, 42)})


def laid(base: Path, files: Files = OLD, **options: Any) -> tuple[Path, Config]:
    """Write a widget, and a baseline of what is found in it beside it."""
    folder(base, files)
    file = base.parent / "known.json"
    write_baseline(file, [(base.as_posix(), validate(base, Config(base, **options)).findings)])
    return base, Config(base, baseline=file, **options)


def brief(result: Result) -> list[str]:
    return [f"{item.code} {item.path}:{item.line} {item.message}" for item in result.findings]


def test_what_is_known_is_silent_and_counted(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w")
    result = validate(base, config)
    assert (result.findings, result.known) == ((), 3)


def test_known_findings_stay_silent_when_lines_move(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w")
    (base / "lib/greet.js").write_bytes(b"// new\n\n" + SCRIPT.replace(b"  eval('1')", b"\t eval('1')"))
    result = validate(base, config)
    assert (result.findings, result.known) == ((), 3)


def test_a_new_fault_is_told_and_a_second_equal_one_too(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w")
    (base / "lib/greet.js").write_bytes(SCRIPT.replace(b"  eval('2');", b"  eval('2');\n  eval('2');\n  debugger;"))
    result = validate(base, config)
    assert [(item.code, item.line) for item in result.findings] == [("S20", 4), ("S23", 5)]
    assert result.known == 3


def test_what_is_mended_is_counted_once(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w")
    (base / "lib/greet.js").write_bytes(SCRIPT.replace(b"  eval('1');\n  eval('2');\n", b""))
    file = tmp_path / "known.json"
    result = validate(base, config)
    assert brief(result) == [f"U03 :1 2 entries match no finding any more: write {file} anew"]
    assert (result.findings[0].severity, result.known) == ("info", 1)
    folder(base, {"images/logo_min.png": png(84, 84), "lib/greet.js": SCRIPT.replace(b"eval('1')", b"f()")})
    assert brief(validate(base, config)) == [f"U03 :1 2 entries match no finding any more: write {file} anew"]
    folder(base, {"images/logo_min.png": png(84, 84), "lib/greet.js": SCRIPT})
    assert brief(validate(base, config)) == [f"U03 :1 1 entry matches no finding any more: write {file} anew"]


@pytest.mark.parametrize(
    "changes",
    [
        {"select": ("I",)},
        {"select": ("I", "U")},
        {"ignore": ("U03",)},
        {"ignore": ("S",)},
        {"target": "amocrm", "origins": (("target", "--target"),)},
    ],
)
def test_what_was_not_judged_is_not_called_mended(tmp_path: Path, changes: dict[str, Any]) -> None:
    base, config = laid(tmp_path / "w")
    (base / "lib/greet.js").write_bytes(SCRIPT.replace(b"eval('1')", b"f()"))
    assert validate(base, config._replace(**changes)).findings == ()


def test_a_severity_holds_for_the_finding_about_the_baseline_too(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w")
    (base / "lib/greet.js").write_bytes(SCRIPT.replace(b"eval('1')", b"f()"))
    found = validate(base, config._replace(severity=(("stale_baseline", "error"),))).findings
    assert [(item.code, item.severity) for item in found] == [("U03", "error")]


def test_of_a_script_that_cannot_be_read_nothing_is_called_mended(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w")
    (base / "lib/greet.js").write_bytes(b"(")
    assert [item.code for item in validate(base, config).findings] == ["S02"]


def test_a_known_error_does_not_stop_a_build(tmp_path: Path) -> None:
    base, config = laid(tmp_path / "w", output="w.zip")
    assert build(base, config._replace(baseline=None), 10**9).artifact is None
    result = build(base, config, 10**9)
    assert (result.findings, result.known, (base / "w.zip").is_file()) == ((), 3, True)


def test_a_baseline_in_the_widget_stays_out_of_the_archive(tmp_path: Path) -> None:
    base = folder(tmp_path / "w", {**OLD, "widgetpack.toml": b'baseline = "a.json"\noutput = "w.zip"\n'})
    config = read_config(base)
    write_baseline(base / "a.json", [(str(base), validate(base, config._replace(baseline=None)).findings)])
    (base / "widgetpack-baseline.json").write_bytes((base / "a.json").read_bytes())
    artifact = build(base, config, 10**9).artifact
    assert artifact is not None
    assert artifact.files == len([path for path in OLD if path != "lib/greet.js"])


def test_widgets_are_told_apart_by_their_path_from_the_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        folder(tmp_path / "all" / name, OLD)
    file = tmp_path / "known.json"
    monkeypatch.chdir(tmp_path / "all")
    write_baseline(Path("../known.json"), [("one", validate(Path("one"), Config(Path("one"))).findings), ("two", ())])
    assert list(read_baseline(file)) == ["all/one", "all/two"]
    monkeypatch.chdir(tmp_path / "all" / "one")
    assert validate(Path(), Config(Path(), baseline=Path("../../known.json"))).known == 3
    assert validate(Path("../two"), Config(Path("../two"), baseline=file)).known == 0
    (tmp_path / "link").symlink_to(tmp_path / "all" / "one")
    assert widget_key(file, str(tmp_path / "link")) == "all/one"


def finding(**changes: Any) -> Finding:
    return Finding("S20", "evaluated_text", "warning", "it runs", "w", "a.js", 3, 1, "  eval()")._replace(**changes)


def test_the_text_is_for_people_and_for_diffs(tmp_path: Path) -> None:
    found = [finding(), finding(path="a.css", message='"é"', line=9), finding(line=8)]
    names = fingerprints(found)
    text = baseline_text(tmp_path / "b.json", [(str(tmp_path / "w"), found), (str(tmp_path / "a"), [])])
    assert text.decode() == (
        '{\n  "widgetpack-baseline": 1,\n  "widgets": {\n    "a": [],\n    "w": [\n'
        f'      {{"path": "a.css", "code": "S20", "message": "\\"é\\"", "fingerprint": "{names[1]}"}},\n'
        + ",\n".join(
            f'      {{"path": "a.js", "code": "S20", "message": "it runs", "fingerprint": "{name}"}}'
            for name in sorted((names[0], names[2]))
        )
        + "\n    ]\n  }\n}\n"
    )


@given(
    st.lists(st.builds(finding, message=st.text(st.characters()), path=st.text(st.characters()), line=st.integers(1)))
)
def test_every_finding_comes_back_and_lines_do_not_count(found: list[Finding]) -> None:
    file = Path("b.json")
    text = baseline_text(file, [("w", found)])
    names = fingerprints(found)
    assert {row["fingerprint"] for row in json.loads(text)["widgets"]["w"]} == set(names)
    assert baseline_text(file, [("w", [item._replace(line=1) for item in found])]) == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no baseline of widgetpack"),
        (b"{", "no baseline of widgetpack"),
        (b"\xff", "no baseline of widgetpack"),
        (b"[" * 100_000, "no baseline of widgetpack"),
        (b"[]", "no baseline of widgetpack"),
        (b'{"widgets": {}}', "no baseline of widgetpack"),
        (b'{"widgetpack-baseline": 2, "widgets": {}}', "a baseline of version 2, not 1"),
        (b'{"widgetpack-baseline": true, "widgets": {}}', "no baseline of widgetpack"),
        (b'{"widgetpack-baseline": 1}', "no baseline of widgetpack"),
        (b'{"widgetpack-baseline": 1, "widgets": []}', "no baseline of widgetpack"),
        (b'{"widgetpack-baseline": 1, "widgets": {"w": {}}}', "no baseline of widgetpack"),
        (b'{"widgetpack-baseline": 1, "widgets": {"w": [3]}}', "no baseline of widgetpack"),
        (b'{"widgetpack-baseline": 1, "widgets": {"w": [{"code": "S01"}]}}', "no baseline of widgetpack"),
    ],
)
def test_a_file_that_is_no_baseline_is_a_usage_error(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "b.json"
    file.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_baseline(file)
    assert (str(caught.value), caught.value.exit_code) == (f"{file}: {words}", EXIT_USAGE)


@pytest.mark.parametrize(
    ("name", "words"),
    [("gone.json", "no such file or directory"), (".", "not a regular file (a pipe, socket or device)")],
)
def test_a_baseline_that_cannot_be_read_is_a_usage_error(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_baseline(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: cannot be read: {words}"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    row = '{"code": "S01", "fingerprint": "ab", "more": 1}'
    file = tmp_path / "b.json"
    file.write_bytes(b"\xef\xbb\xbf" + f'{{"widgetpack-baseline": 1, "widgets": {{"w": [{row}]}}}}'.encode())
    assert read_baseline(file) == {"w": frozenset({Known("S01", "ab")})}


@pytest.mark.parametrize("data", [b"", b'{"widgetpack-baseline": 7}'])
def test_an_old_baseline_is_replaced(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "b.json"
    file.write_bytes(data)
    write_baseline(file, [])
    assert read_baseline(file) == {}


@pytest.mark.parametrize("data", [b'{"name": "mine"}', b"define()", None])
def test_anything_else_in_the_way_is_left_as_it_is(tmp_path: Path, data: bytes | None) -> None:
    file = tmp_path / "b.json"
    if data is None:
        file.mkdir()
    else:
        file.write_bytes(data)
    with pytest.raises(WriteError) as caught:
        write_baseline(file, [])
    assert str(caught.value) == f"{file}: exists and is no baseline of widgetpack; it is left as it is"
    assert caught.value.exit_code == EXIT_TOOL
    assert data is None or file.read_bytes() == data

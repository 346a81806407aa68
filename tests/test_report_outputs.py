"""What `--output-format` says: a format, a format with a file, a file whose ending tells the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from widgetpack.config.outputs import (
    FORMAT_NAMES,
    Output,
    load_output,
    load_outputs,
    on_standard_output,
    rebased,
    report_files,
)
from widgetpack.errors import UsageError
from widgetpack.report import FORMATS

ALL = "the formats are text, concise, json, github, sarif, junit, gitlab, markdown"
ENDINGS = "the endings are .txt .json .sarif .xml .md"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((name, Output(name)) for name in FORMAT_NAMES),
        ("sarif:out/w.sarif", Output("sarif", "out/w.sarif")),
        ("json:w.txt", Output("json", "w.txt")),
        ("json:a:b", Output("json", "a:b")),
        ("json:json", Output("json", "json")),
        ("json:-", Output("json")),
        ("sarif:C:\\out\\w.sarif", Output("sarif", "C:\\out\\w.sarif")),
        ("C:\\out\\w.sarif", Output("sarif", "C:\\out\\w.sarif")),
        ("c:/out/w.XML", Output("junit", "c:/out/w.XML")),
        ("w.json", Output("json", "w.json")),
        ("out/w.md", Output("markdown", "out/w.md")),
        ("w.txt", Output("text", "w.txt")),
        ("out/gl-code-quality-report.json", Output("gitlab", "out/gl-code-quality-report.json")),
        ("C:\\gl-code-quality-report.json", Output("gitlab", "C:\\gl-code-quality-report.json")),
        ("gitlab:w.json", Output("gitlab", "w.json")),
    ],
)
def test_a_value_names_a_report(text: str, expected: Output) -> None:
    assert load_output(text) == expected


@pytest.mark.parametrize(
    ("texts", "message", "hint"),
    [
        (["sarfi"], '"sarfi" is not an output format, did you mean "sarif"?', ALL),
        (["JSON"], '"JSON" is not an output format, did you mean "json"?', ALL),
        (["sarfi:w.sarif"], '"sarfi" is not an output format, did you mean "sarif"?', ALL),
        (["yaml"], '"yaml" is not an output format', ALL),
        ([""], '"" is not an output format', ALL),
        (["w.csv"], "w.csv: the ending .csv tells no format", f"FORMAT:w.csv; {ENDINGS}"),
        (["json:"], '"json:" names no file', "`json` for standard output, `json:FILE` for a file"),
        (
            ["json:a\0"],
            "a NUL character in a path",
            "`json` for standard output, `json:FILE` for a file",
        ),
        (
            ["w.xml", "json", "sarif"],
            "json and sarif both go to standard output",
            "give one of them a file of its own: sarif:FILE",
        ),
        (
            ["w.json", "gitlab:w.json"],
            "json and gitlab both go to w.json",
            "give one of them a file of its own: gitlab:FILE",
        ),
        (
            ["json:rep/same", "sarif:./rep/x/../same"],
            "json and sarif both go to ./rep/x/../same",
            "give one of them a file of its own: sarif:FILE",
        ),
    ],
)
def test_what_names_no_report_is_said_with_its_cure(texts: list[str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_outputs(texts)
    assert (str(caught.value), caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [([], "text"), (["w.json"], "text"), (["w.json", "github"], "github"), (["json", "json"], "json")],
)
def test_standard_output_shows_text_where_no_report_goes_there(texts: list[str], expected: str) -> None:
    assert on_standard_output(load_outputs(texts)) == expected


def test_one_report_is_written_once_however_often_it_is_asked_for() -> None:
    assert load_outputs(["json:w", "json:./w", "json:" + str(Path("w").absolute())]) == (Output("json", "w"),)


def test_the_files_of_a_config_start_from_its_folder() -> None:
    texts = [rebased(text, Path("w")) for text in ("json", "out/w.sarif", "junit:/tmp/w.xml")]
    assert texts == ["json", "sarif:w/out/w.sarif", "junit:/tmp/w.xml"]
    assert list(report_files(texts, "w/bundle.html")) == [
        Path("w/out/w.sarif"),
        Path("/tmp/w.xml"),
        Path("w/bundle.html"),
    ]


def test_every_name_has_a_renderer() -> None:
    assert tuple(FORMATS) == FORMAT_NAMES

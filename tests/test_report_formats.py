"""Each format, exactly, over findings that were made by hand: functions of values, no disk."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from builders import GREET, findings, tree, widget

from widgetpack import __version__
from widgetpack.model import Artifact, Finding, Image, Related
from widgetpack.pipeline import Result
from widgetpack.report import FORMATS, Style
from widgetpack.report.style import checkout
from widgetpack.rules import RULES
from widgetpack.silence.fingerprints import fingerprints

MISSING = Finding("L03", "missing_text", "warning", "no `a.b`, which `en` has", "w", "i18n/es.json", 8, 8, '  "a": {')
SIZE = Finding(
    "I02",
    "wrong_size",
    "error",
    "42x42, not 84x84",
    "w",
    "images/logo_min.png",
    related=(Related("manifest.json", 34, 9, "named here"),),
)
NOTE = Finding("M31", "odd_name", "info", "a|b <c>\nd: 100%, e", "w", "manifest.json", 3, 5, "\tx")
WHOLE = Finding("I01", "missing_logo", "error", "no images/logo.png (130x100)", "w", "")
STYLE = Style(cwd="/repo/sub", root="/repo")

PICTURES = (
    Image("images/logo_main.png", 12_345, "PNG", 400, 272),
    Image("images/logo_min.png", 400, "PNG", 42, 42),
    Image("images/logo_small.png", 4, "", 0, 0, "fake", "text"),
    Image("images/other.png", 4, "PNG", 1, 1),
)
ARTIFACT = Artifact(b"", 61_234, "1.0.0", 9, "a" * 64, "b" * 64)

BROKEN = Result("w", (MISSING, SIZE, NOTE), pictures=PICTURES)
CLEAN = Result(
    "ok", (), ARTIFACT, "ok/dist/widget.zip", "ok/dist/widget.zip", largest=(("script.js", 60_000), ("a|b.png", 714))
)


def zipped(*findings: Finding) -> Result:
    moved = tuple(finding._replace(source="dist/w.zip") for finding in findings)
    return Result("dist/w.zip", moved, archive="dist/w.zip")


def render(name: str, *results: Result, **style: Any) -> str:
    return FORMATS[name](results, STYLE._replace(**style))


def parsed(name: str, *results: Result) -> Any:
    return json.loads(render(name, *results))


def test_text_shows_related_places_below_the_finding() -> None:
    assert render("text", BROKEN._replace(findings=(SIZE, MISSING))) == (
        "w/images/logo_min.png:1:1: I02 error 42x42, not 84x84\n"
        "  named here: w/manifest.json:34:9\n"
        "\n"
        "w/i18n/es.json:8:8: L03 warning no `a.b`, which `en` has\n"
        '      "a": {\n'
        "           ^\n"
        "\n"
        "1 error, 1 warning\n"
    )


def test_concise_is_one_line_per_finding_and_archive_and_the_sum() -> None:
    assert render("concise", BROKEN, CLEAN) == (
        "w/i18n/es.json:8:8: L03 warning no `a.b`, which `en` has\n"
        "w/images/logo_min.png:1:1: I02 error 42x42, not 84x84\n"
        "w/manifest.json:3:5: M31 info a|b <c>\\x0ad: 100%, e\n"
        "ok/dist/widget.zip  version 1.0.0, 9 files, 61.2 kB\n"
        "1 error, 1 warning, 1 info in 2 widgets\n"
    )


@pytest.mark.parametrize(
    ("name", "clean"),
    [("text", ""), ("concise", ""), ("github", ""), ("markdown", ""), ("gitlab", "[]\n")],
)
def test_quiet_says_nothing_of_a_clean_widget(name: str, clean: str) -> None:
    assert render(name, CLEAN, quiet=True) == clean


def test_quiet_leaves_the_findings() -> None:
    assert render("concise", CLEAN, zipped(SIZE), quiet=True) == (
        "dist/w.zip/images/logo_min.png:1:1: I02 error 42x42, not 84x84\n"
    )
    assert render("markdown", CLEAN, zipped(SIZE), quiet=True) == (
        "## ❌ dist/w.zip: 1 error\n\n"
        "|  | rule | where | finding |\n"
        "|---|---|---|---|\n"
        "| ❌ | I02 wrong\\_size | dist/w.zip/images/logo\\_min.png:1 | 42x42, not 84x84 |\n"
    )


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "gitlab", "github", "markdown"])
def test_colours_are_for_people_only(name: str) -> None:
    assert render(name, BROKEN, colour=False) == render(name, BROKEN, colour=True)


def test_json_holds_findings_with_related_places_and_fingerprints() -> None:
    name = fingerprints([SIZE])[0]
    assert parsed("json", BROKEN._replace(findings=(SIZE,), known=2), CLEAN) == {
        "tool": "widgetpack",
        "version": __version__,
        "summary": {"error": 1, "warning": 0, "info": 0},
        "widgets": [
            {
                "source": "w",
                "failed": True,
                "findings": [
                    {
                        "code": "I02",
                        "rule": "wrong_size",
                        "severity": "error",
                        "message": "42x42, not 84x84",
                        "file": "w/images/logo_min.png",
                        "path": "images/logo_min.png",
                        "line": 1,
                        "column": 1,
                        "text": "",
                        "related": [
                            {
                                "message": "named here",
                                "file": "w/manifest.json",
                                "path": "manifest.json",
                                "line": 34,
                                "column": 9,
                            }
                        ],
                        "fingerprint": name,
                    }
                ],
                "known": 2,
                "artifact": None,
            },
            {
                "source": "ok",
                "failed": False,
                "findings": [],
                "known": 0,
                "artifact": {
                    "path": "ok/dist/widget.zip",
                    "version": "1.0.0",
                    "files": 9,
                    "size": 61234,
                    "sha256": "a" * 64,
                    "contents": "b" * 64,
                    "largest": [{"path": "script.js", "size": 60000}, {"path": "a|b.png", "size": 714}],
                },
            },
        ],
        "rules": [
            {
                "code": "I02",
                "rule": "wrong_size",
                "what": RULES["I02"].doc.what,
                "why": RULES["I02"].doc.why,
                "fix": RULES["I02"].doc.fix,
                "wrong": RULES["I02"].doc.wrong,
                "right": RULES["I02"].doc.right,
                "source": RULES["I02"].source,
            }
        ],
    }


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "junit"])
def test_where_many_reports_follow_each_other_each_is_one_line(name: str) -> None:
    text = render(name, BROKEN, CLEAN, one_line=True)
    assert text.count("\n") == 1
    assert text.endswith("\n")


def test_github_commands_are_escaped_as_the_toolkit_does() -> None:
    assert render("github", BROKEN) == (
        "::warning title=L03 missing_text,file=sub/w/i18n/es.json,line=8,col=8::no `a.b`, which `en` has\n"
        "::error title=I02 wrong_size,file=sub/w/images/logo_min.png,line=1,col=1"
        "::42x42, not 84x84%0Anamed here: manifest.json:34:9\n"
        "::notice title=M31 odd_name,file=sub/w/manifest.json,line=3,col=5::a|b <c>%0Ad: 100%25, e\n"
    )


def test_github_points_at_the_zip_and_names_the_member() -> None:
    assert render("github", zipped(MISSING, SIZE, WHOLE)) == (
        "::warning title=L03 missing_text,file=sub/dist/w.zip::i18n/es.json:8:8: no `a.b`, which `en` has\n"
        "::error title=I02 wrong_size,file=sub/dist/w.zip::images/logo_min.png: 42x42, not 84x84"
        "%0Anamed here: manifest.json:34:9\n"
        "::error title=I01 missing_logo,file=sub/dist/w.zip::no images/logo.png (130x100)\n"
    )


def test_a_finding_about_the_whole_widget_points_at_the_manifest_or_where_it_is_missing_at_the_folder() -> None:
    none = Finding("M01", "no_manifest", "error", "no manifest.json", "w", "")
    assert render("github", BROKEN._replace(findings=(WHOLE,))) == (
        "::error title=I01 missing_logo,file=sub/w/manifest.json,line=1,col=1::no images/logo.png (130x100)\n"
    )
    assert render("github", BROKEN._replace(findings=(none,))) == (
        "::error title=M01 no_manifest,file=sub/w,line=1,col=1::no manifest.json\n"
    )


def test_a_finding_on_the_archive_that_was_built_points_at_the_zip() -> None:
    outside = Finding("A05", "junk", "error", "a name", "w/dist/widget.zip", "x.txt", 2, 1)
    result = Result("w", (MISSING, outside), archive="w/dist/widget.zip")
    assert render("github", result) == (
        "::warning title=L03 missing_text,file=sub/w/i18n/es.json,line=8,col=8::no `a.b`, which `en` has\n"
        "::error title=A05 junk,file=sub/w/dist/widget.zip::x.txt:2:1: a name\n"
    )


@pytest.mark.parametrize(
    ("source", "cwd", "root", "file"),
    [
        (".", "/repo/w", "/repo", "w/manifest.json"),
        (".", "/repo", "/repo", "manifest.json"),
        ("../w", "/repo/sub", "/repo", "w/manifest.json"),
        ("/repo/w", "/elsewhere", "/repo", "w/manifest.json"),
        ("/repository/w", "/repo", "/repo", "/repository/w/manifest.json"),
        ("w", "", "", "w/manifest.json"),
        ("w,:%", "/repo", "/repo", "w%2C%3A%25/manifest.json"),
        ("w\udcff", "/repo", "/repo", "w\ufffd/manifest.json"),
    ],
)
def test_paths_are_told_from_the_checkout(source: str, cwd: str, root: str, file: str) -> None:
    finding = WHOLE._replace(source=source)
    line = render("github", Result(source, (finding,)), cwd=cwd, root=root)
    assert line == f"::error title=I01 missing_logo,file={file},line=1,col=1::no images/logo.png (130x100)\n"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ("/nowhere/repo/sub", "")),
        ({"GITHUB_WORKSPACE": "/nowhere/repo"}, ("/nowhere/repo", "")),
        ({"GITHUB_WORKSPACE": "/nowhere/re"}, ("/nowhere/repo/sub", "")),
        (
            {
                "GITHUB_WORKSPACE": "/nowhere/repo",
                "GITHUB_SERVER_URL": "https://git.example",
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_SHA": "abc",
            },
            ("/nowhere/repo", "https://git.example/o/r/blob/abc/"),
        ),
        (
            {"CI_PROJECT_DIR": "/nowhere/repo/", "CI_PROJECT_URL": "https://git.example/o/r", "CI_COMMIT_SHA": "abc"},
            ("/nowhere/repo", "https://git.example/o/r/-/blob/abc/"),
        ),
    ],
)
def test_the_checkout_is_told_by_the_service(environment: dict[str, str], expected: tuple[str, str]) -> None:
    assert checkout(environment, "/nowhere/repo/sub") == expected
    assert checkout(environment, "") == ("", "")


def unique(path: str, finding: Finding) -> str:
    return hashlib.sha256(f"{path}\0{fingerprints([finding])[0]}".encode()).hexdigest()


def test_gitlab_issues_have_what_the_documentation_asks_for() -> None:
    assert parsed("gitlab", BROKEN._replace(findings=(MISSING,)), zipped(SIZE)) == [
        {
            "type": "issue",
            "check_name": "L03 missing_text",
            "description": "no `a.b`, which `en` has",
            "categories": ["Bug Risk"],
            "severity": "minor",
            "fingerprint": unique("sub/w/i18n/es.json", MISSING),
            "location": {"path": "sub/w/i18n/es.json", "lines": {"begin": 8}},
        },
        {
            "type": "issue",
            "check_name": "I02 wrong_size",
            "description": "images/logo_min.png: 42x42, not 84x84",
            "categories": ["Bug Risk"],
            "severity": "critical",
            "fingerprint": unique("sub/dist/w.zip", SIZE),
            "location": {"path": "sub/dist/w.zip", "lines": {"begin": 1}},
        },
    ]


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_equal_faults_of_two_widgets_have_names_of_their_own(name: str) -> None:
    other = BROKEN._replace(source="v", findings=tuple(item._replace(source="v") for item in BROKEN.findings))
    report = parsed(name, BROKEN, other)
    items = report["runs"][0]["results"] if name == "sarif" else report
    prints = [json.dumps(item.get("fingerprint") or item["partialFingerprints"]) for item in items]
    assert len(set(prints)) == len(prints) == 6


def test_sarif_points_at_region_and_related_places() -> None:
    run = parsed("sarif", BROKEN._replace(findings=(MISSING, SIZE)))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["I02", "L03"]
    name = unique("sub/w/i18n/es.json", MISSING)
    assert run["results"][0] == {
        "ruleId": "L03",
        "ruleIndex": 1,
        "level": "warning",
        "message": {"text": "no `a.b`, which `en` has"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "sub/w/i18n/es.json", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 8, "startColumn": 8, "snippet": {"text": '  "a": {'}},
                }
            }
        ],
        "partialFingerprints": {"widgetpack/v1": name, "primaryLocationLineHash": f"{name[:16]}:1"},
    }
    assert run["results"][1]["relatedLocations"] == [
        {
            "id": 1,
            "message": {"text": "named here"},
            "physicalLocation": {
                "artifactLocation": {"uri": "sub/w/manifest.json", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 34, "startColumn": 9},
            },
        }
    ]


@pytest.mark.parametrize(
    ("source", "location"),
    [
        ("a b#ü%", {"uri": "sub/a%20b%23%C3%BC%25/manifest.json", "uriBaseId": "%SRCROOT%"}),
        ("/out side", {"uri": "file:///out%20side/manifest.json"}),
        ("a:b", {"uri": "sub/a%3Ab/manifest.json", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_uris_are_percent_encoded(source: str, location: dict[str, str]) -> None:
    report = parsed("sarif", Result(source, (WHOLE._replace(source=source),)))
    place = report["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == location


def test_sarif_names_a_member_of_a_zip_in_the_message() -> None:
    found = parsed("sarif", zipped(MISSING))["runs"][0]["results"][0]
    assert found["message"] == {"text": "i18n/es.json:8:8: no `a.b`, which `en` has"}
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "sub/dist/w.zip", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": 1},
    }


def test_sarif_passes_over_a_rule_that_it_does_not_know() -> None:
    run = parsed("sarif", BROKEN._replace(findings=(NOTE._replace(code="Z99"),)))["runs"][0]
    assert run["tool"]["driver"]["rules"] == []
    assert "ruleIndex" not in run["results"][0]


def test_junit_has_a_suite_per_widget_and_a_case_per_file_and_rule() -> None:
    twice = BROKEN._replace(findings=(SIZE, SIZE._replace(line=2), NOTE))
    assert render("junit", twice, CLEAN) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="widgetpack" tests="3" failures="1" errors="0">\n'
        '  <testsuite name="w" tests="2" failures="1" errors="0" time="0">\n'
        '    <testcase classname="w/images/logo_min.png" name="I02 wrong_size" time="0">\n'
        '      <failure type="error" message="42x42, not 84x84 and 1 more">'
        "w/images/logo_min.png:1:1: I02 error 42x42, not 84x84&#10;"
        "w/images/logo_min.png:2:1: I02 error 42x42, not 84x84</failure>\n"
        "    </testcase>\n"
        '    <testcase classname="w/manifest.json" name="M31 odd_name" time="0">\n'
        "      <system-out>w/manifest.json:3:5: M31 info a|b &lt;c&gt;\\x0ad: 100%, e</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        '  <testsuite name="ok" tests="1" failures="0" errors="0" time="0">\n'
        '    <testcase classname="ok" name="no findings" time="0"/>\n'
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_junit_fails_what_the_fail_level_fails() -> None:
    strict = render("junit", BROKEN._replace(fail_level="info"))
    assert [strict.count(text) for text in ("<failure", "<system-out", 'failures="3"')] == [3, 0, 2]
    usual = render("junit", BROKEN)
    assert [usual.count(text) for text in ("<failure", "<system-out", 'failures="1"')] == [1, 2, 2]


def test_markdown_is_a_job_summary() -> None:
    blob = "https://git.example/o/r/blob/abc/"
    assert render("markdown", BROKEN._replace(findings=(MISSING, SIZE, NOTE, WHOLE)), CLEAN, blob=blob) == (
        "# widgetpack: 2 errors, 1 warning, 1 info in 2 widgets\n\n"
        "1 passed, 1 failed\n\n"
        "## ❌ w: 2 errors, 1 warning, 1 info\n\n"
        "|  | rule | where | finding |\n"
        "|---|---|---|---|\n"
        f"| ⚠️ | L03 missing\\_text | [w/i18n/es.json:8]({blob}sub/w/i18n/es.json#L8) | no \\`a.b\\`, which \\`en\\` has |\n"
        f"| ❌ | I02 wrong\\_size | [w/images/logo\\_min.png:1]({blob}sub/w/images/logo_min.png#L1) | 42x42, not 84x84 |\n"
        f"| ℹ️ | M31 odd\\_name | [w/manifest.json:3]({blob}sub/w/manifest.json#L3) | a\\|b &lt;c&gt; d: 100%, e |\n"  # noqa: RUF001
        f"| ❌ | I01 missing\\_logo | [w:1]({blob}sub/w/manifest.json#L1) | no images/logo.png (130x100) |\n"
        "\n"
        "|  | logo | wanted | found | size |\n"
        "|---|---|---|---|---|\n"
        "| ✅ | logo\\_main | 400x272 | 400x272 | 12.3 kB |\n"
        "| ✅ | logo\\_small | 108x108 | unreadable | 4 B |\n"
        "| ❌ | logo | 130x100 | none |  |\n"
        "| ❌ | logo\\_min | 84x84 | 42x42 | 400 B |\n"
        "\n"
        "## ✅ ok: no findings\n\n"
        "| archive | ok/dist/widget.zip |\n"
        "|---|---|\n"
        "| version | 1.0.0 |\n"
        "| size | 61.2 kB in 9 files |\n"
        f"| sha256 | `{'a' * 64}` |\n"
        f"| contents | `{'b' * 64}` |\n"
        "| biggest | script.js (60.0 kB), a\\|b.png (714 B) |\n"
    )


def test_markdown_lists_a_bounded_number_of_findings() -> None:
    many = BROKEN._replace(findings=tuple(MISSING._replace(line=line) for line in range(1, 302)), pictures=())
    lines = render("markdown", many).splitlines()
    assert [line for line in lines if "more findings" in line] == ["101 more findings are not listed here."]
    assert sum("L03" in line for line in lines) == 200


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_shows_the_line_of_a_secret(name: str) -> None:
    value = "GOCSPX-" + "abcdefghijklmnopqrstuvwxyz01"
    # `eval` stands in the same line: its finding must not show it either.
    script = GREET.replace(b"return true", f"eval('{value}')".encode())
    given = widget({"widget": {"secret_key": value}}, files={"lib/greet.js": script})
    found = findings(tree(given))
    assert {"M21", "S20", "S32"} <= {item.code for item in found}
    assert value not in render(name, Result("w", found))

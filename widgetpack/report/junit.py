"""For test tabs: JUnit's XML in the form that Jenkins' schema (``jenkins-junit.xsd``) describes."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.report.style import Style
from widgetpack.report.text import headline, where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Finding
    from widgetpack.pipeline import Result

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference (production 2, Char)."""

_MARKUP = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
"""As references line ends survive in attributes too, and a report can stand in one line."""


def render(results: Sequence[Result], style: Style) -> str:
    """Return one ``testsuite`` per widget with a ``testcase`` per file and rule; of a clean widget, one that passes.

    A case fails where one of its findings is at or above the widget's fail level; other findings are its output.
    """
    suites = [_suite(result) for result in results]
    tests, failures = sum(suite.tests for suite in suites), sum(suite.failures for suite in suites)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="widgetpack" tests="{tests}" failures="{failures}" errors="0">',
        *(line for suite in suites for line in suite.lines),
        "</testsuites>",
    ]
    return ("" if style.one_line else "\n").join(lines) + "\n"


class _Suite(NamedTuple):
    lines: list[str]
    tests: int
    failures: int


def _suite(result: Result) -> _Suite:
    by_rule = sorted(result.findings, key=_case_of)
    cases = [(name, place, tuple(group)) for (place, name), group in groupby(by_rule, key=_case_of)]
    lines = [line for case in cases or [("no findings", result.source, ())] for line in _case(*case, result)]
    failures = sum(result._replace(findings=found).fails(result.fail_level) for _, _, found in cases)
    tests = len(cases) or 1
    head = f'  <testsuite name="{_escaped(result.source)}" tests="{tests}" failures="{failures}" errors="0" time="0">'
    return _Suite([head, *lines, "  </testsuite>"], tests, failures)


def _case_of(finding: Finding) -> tuple[str, str]:
    return where(finding), f"{finding.code} {finding.slug}"


def _case(name: str, place: str, findings: tuple[Finding, ...], result: Result) -> Iterator[str]:
    opening = f'    <testcase classname="{_escaped(place)}" name="{_escaped(name)}" time="0"'
    if not findings:
        yield opening + "/>"
        return
    yield opening + ">"
    body = _escaped("\n".join(headline(finding, Style()) for finding in findings))
    if result._replace(findings=findings).fails(result.fail_level):
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        message = _escaped(findings[0].message + more)
        yield f'      <failure type="{findings[0].severity}" message="{message}">{body}</failure>'
    else:
        yield f"      <system-out>{body}</system-out>"
    yield "    </testcase>"


def _escaped(text: str) -> str:
    legal = _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return legal.translate(_MARKUP)

"""For programs: one JSON object for the whole run; ``schemas/report.schema.json`` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from widgetpack import __version__
from widgetpack.report.style import encodable
from widgetpack.report.text import beside, counts, where
from widgetpack.rules import RULES
from widgetpack.silence.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.model import Finding, Related
    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style


def render(results: Sequence[Result], style: Style) -> str:
    """Return the report as JSON; lines and columns are 1-based, columns count characters, sizes are bytes."""
    fired = {finding.code for result in results for finding in result.findings}
    report = {
        "tool": "widgetpack",
        "version": __version__,
        "summary": counts(results),
        "widgets": [_widget(result) for result in results],
        "rules": [_rule(code) for code in sorted(fired & RULES.keys())],
    }
    return dumped(report, style)


def dumped(report: Any, style: Style) -> str:
    """Return JSON in ASCII, without halves of pairs; in one line where many reports follow each other."""
    return json.dumps(_encodable(report), indent=None if style.one_line else 2) + "\n"


def _encodable(value: Any) -> Any:
    """Clean every text: `encodable`. Many parsers refuse a whole document for half of a pair."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list) else value


def _widget(result: Result) -> dict[str, Any]:
    artifact = result.artifact
    names = fingerprints(result.findings)
    return {
        "source": result.source,
        "failed": result.fails(result.fail_level),
        "findings": [_finding(finding, name) for finding, name in zip(result.findings, names, strict=True)],
        "known": result.known,
        "artifact": artifact
        and {
            "path": result.target,
            "version": artifact.version,
            "files": artifact.files,
            "size": artifact.size,
            "sha256": artifact.sha256,
            "contents": artifact.contents,
            "largest": [{"path": path, "size": size} for path, size in result.largest],
        },
    }


def _finding(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "rule": finding.slug,
        "severity": finding.severity,
        "message": finding.message,
        "file": where(finding),
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "text": finding.text,
        "related": [_related(finding, place) for place in finding.related],
        "fingerprint": fingerprint,
    }


def _related(finding: Finding, place: Related) -> dict[str, Any]:
    return {
        "message": place.message,
        "file": beside(finding.source, place.path),
        "path": place.path,
        "line": place.line,
        "column": place.column,
    }


def _rule(code: str) -> dict[str, Any]:
    item = RULES[code]
    doc = item.doc
    return {
        "code": code,
        "rule": item.slug,
        "what": doc.what,
        "why": doc.why,
        "fix": doc.fix,
        "wrong": doc.wrong,
        "right": doc.right,
        "source": item.source,
    }

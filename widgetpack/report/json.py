"""For programs: one JSON object for the whole run."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from widgetpack import __version__
from widgetpack.model import SEVERITIES, Finding
from widgetpack.report.text import Style, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.pipeline import Result


def render_json(results: Sequence[Result], style: Style) -> str:  # noqa: ARG001  # every format takes the style
    """Return ``{"tool", "version", "summary", "widgets": [{"source", "findings", "artifact"}]}``; lines are 1-based."""
    counts = Counter(finding.severity for result in results for finding in result.findings)
    report = {
        "tool": "widgetpack",
        "version": __version__,
        "summary": {severity: counts[severity] for severity in SEVERITIES},
        "widgets": [_widget(result) for result in results],
    }
    return json.dumps(report, indent=2) + "\n"


def _widget(result: Result) -> dict[str, Any]:
    artifact = result.artifact
    return {
        "source": result.source,
        "findings": [_finding(finding) for finding in result.findings],
        "artifact": artifact
        and {
            "path": result.target,
            "version": artifact.version,
            "files": artifact.files,
            "size": artifact.size,
            "sha256": artifact.sha256,
            "contents": artifact.contents,
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "rule": finding.slug,
        "severity": finding.severity,
        "message": finding.message,
        "file": where(finding),
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
    }

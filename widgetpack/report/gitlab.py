"""For GitLab: a Code Quality report, shown in merge requests (docs.gitlab.com, "Code Quality report format")."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from widgetpack.report.json import dumped
from widgetpack.report.places import spot_of
from widgetpack.report.style import encodable
from widgetpack.silence.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.model import Finding
    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style

_SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}
"""Of info, minor, major, critical and blocker."""


def render(results: Sequence[Result], style: Style) -> str:
    """Return a JSON array with one object per finding."""
    issues = [
        _issue(finding, name, result, style)
        for result in results
        for finding, name in zip(result.findings, fingerprints(result.findings), strict=True)
    ]
    return dumped(issues, style)


def _issue(finding: Finding, name: str, result: Result, style: Style) -> dict[str, Any]:
    spot = spot_of(finding, result, finding.source, style)
    return {
        "type": "issue",
        "check_name": f"{finding.code} {finding.slug}",
        "description": spot.prefix + finding.message,
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": unique(spot.path, name),
        "location": {"path": spot.path, "lines": {"begin": spot.line}},
    }


def unique(path: str, fingerprint: str) -> str:
    """Return a fingerprint that is another one for each widget of a run: two widgets may have the same faults."""
    return sha256(f"{encodable(path)}\0{fingerprint}".encode()).hexdigest()

"""For code scanning: SARIF 2.1.0 (OASIS), in the subset that GitHub reads (docs.github.com, "SARIF support")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgetpack import __version__
from widgetpack.report.gitlab import unique
from widgetpack.report.json import dumped
from widgetpack.report.places import Spot, as_uri, spot_of
from widgetpack.rules import RULES
from widgetpack.rules.base import Context, Rule
from widgetpack.silence.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.model import Finding
    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_KINDS = {"error": "error", "warning": "warning", "info": "recommendation"}
"""GitHub's own words, in ``problem.severity``."""
_BASE = "%SRCROOT%"
_USUAL = Context("kommo", "private", is_archive=False)


def render(results: Sequence[Result], style: Style) -> str:
    """Return one run with the rules that fired and one result per finding; paths are relative to the checkout."""
    codes = sorted({finding.code for result in results for finding in result.findings} & RULES.keys())
    indices = {code: index for index, code in enumerate(codes)}
    driver = {"name": "widgetpack", "version": __version__, "rules": [_rule(RULES[code]) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the checkout."}}},
        "invocations": [{"executionSuccessful": True}],
        "results": [
            _result(finding, name, indices, result, style)
            for result in results
            for finding, name in zip(result.findings, fingerprints(result.findings), strict=True)
        ],
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, style)


def _rule(item: Rule) -> dict[str, Any]:
    doc = item.doc
    weight = item.weight if isinstance(item.weight, str) else item.weight(_USUAL)
    examples = [(label, text) for label, text in (("Wrong", doc.wrong), ("Right", doc.right)) if text]
    parts = [
        doc.what,
        doc.why,
        f"Fix: {doc.fix}",
        *(f"{label}: {text}" for label, text in examples),
        f"Source: {item.source}",
    ]
    text = "\n\n".join(part for part in parts if part)
    return {
        "id": item.code,
        "name": item.slug,
        "shortDescription": {"text": doc.what},
        "fullDescription": {"text": f"{doc.what} {doc.why}".strip()},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[weight]},
        "properties": {
            "tags": [item.check.__module__.rpartition(".")[2]],
            "precision": "high",
            "problem.severity": _KINDS[weight],
        },
    }


def _result(finding: Finding, name: str, indices: dict[str, int], result: Result, style: Style) -> dict[str, Any]:
    spot = spot_of(finding, result, finding.source, style)
    index = {"ruleIndex": indices[finding.code]} if finding.code in indices else {}
    own = unique(spot.path, name)
    related = [
        {"id": number, "message": {"text": place.message}, **_location(spot_of(place, result, finding.source, style))}
        for number, place in enumerate(finding.related, 1)
    ]
    return {
        "ruleId": finding.code,
        **index,
        "level": _LEVELS[finding.severity],
        "message": {"text": spot.prefix + finding.message},
        "locations": [_location(spot, finding.text)],
        **({"relatedLocations": related} if related else {}),
        # GitHub reads only the second key. The digits after the colon count equal ones; here every one is unique.
        "partialFingerprints": {"widgetpack/v1": own, "primaryLocationLineHash": f"{own[:16]}:1"},
    }


def _location(spot: Spot, text: str = "") -> dict[str, Any]:
    uri = as_uri(spot.path)
    artifact = {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _BASE}
    region: dict[str, Any] = {"startLine": spot.line, "startColumn": spot.column}
    if text and not spot.in_archive:
        region["snippet"] = {"text": text}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}

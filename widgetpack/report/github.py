"""For GitHub Actions: one workflow command per finding, which GitHub shows as an annotation at the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.report.places import Spot, place_in, spot_of
from widgetpack.report.style import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Finding
    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""The escapes of the toolkit's own ``@actions/core``; docs.github.com, workflow commands, names only the first three."""


def render(results: Sequence[Result], style: Style) -> str:
    """Return ``::error title=...,file=...,line=...,col=...::message`` lines; no findings, no lines."""
    return "".join(
        _command(finding, spot_of(finding, result, finding.source, style)) + "\n"
        for result in results
        for finding in result.findings
    )


def _command(finding: Finding, spot: Spot) -> str:
    place = {} if spot.in_archive else {"line": str(spot.line), "col": str(spot.column)}
    properties = {"title": f"{finding.code} {finding.slug}", "file": spot.path, **place}
    listed = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in properties.items())
    message = "\n".join(_lines(finding, spot))
    return f"::{_LEVELS[finding.severity]} {listed}::{_escaped(message, _DATA)}"


def _lines(finding: Finding, spot: Spot) -> Iterator[str]:
    yield spot.prefix + finding.message
    for place in finding.related:
        yield f"{place.message}: {place_in(place)}"


def _escaped(text: str, table: dict[int, str]) -> str:
    return encodable(text).translate(table)

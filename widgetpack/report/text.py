"""For people: findings by file with their source line, then one line of sum."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from widgetpack.model import SEVERITIES, Artifact, Finding
from widgetpack.platform import UPLOAD_HINT
from widgetpack.report.style import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style

_WIDTH = 110


def render(results: Sequence[Result], style: Style) -> str:
    """Return the report for a terminal: ``path:line:col: CODE severity message``, source line and caret, sum."""
    lines: list[str] = []
    for result in results:
        for _, group in groupby(result.findings, key=lambda finding: finding.path):
            for finding in group:
                lines += _finding(finding, style)
            lines.append("")
        if result.artifact is not None and not style.quiet:
            lines += [*_artifact(result, result.artifact, style), ""]
    if not style.quiet:
        lines.append(sum_of(results, style))
    return "\n".join(lines).rstrip("\n") + "\n" if lines else ""


def where(finding: Finding) -> str:
    """Return the file of a finding as the user would open it; members of a zip stand behind its name."""
    return beside(finding.source, finding.path)


def beside(source: str, path: str) -> str:
    """Return a path in the tree ``source`` as the user would open it."""
    if not path:
        return source
    return path if source == "." else f"{source}/{path}"


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    yield headline(finding, style)
    if finding.text.strip():
        text, caret = _window(finding.text, finding.column)
        yield f"    {printable(text)}"
        yield "    " + style.paint(f"{caret}^", finding.severity)
    for place in finding.related:
        path = printable(beside(finding.source, place.path))
        yield style.paint(f"  {printable(place.message)}: {path}:{place.line}:{place.column}", "dim")


def headline(finding: Finding, style: Style) -> str:
    """Return the one line that says a finding."""
    place = style.paint(f"{printable(where(finding))}:{finding.line}:{finding.column}:", "bold")
    code = style.paint(f"{finding.code} {finding.severity}", finding.severity)
    return f"{place} {code} {printable(finding.message)}"


def _window(text: str, column: int) -> tuple[str, str]:
    """Cut a long line around the column; return it with the blanks that stand before the caret, tabs kept as tabs."""
    start = max(0, column - 1 - _WIDTH // 2) if len(text) > _WIDTH else 0
    text = text[start : start + _WIDTH]
    return text, "".join("\t" if letter == "\t" else " " for letter in text[: column - 1 - start])


def _artifact(result: Result, artifact: Artifact, style: Style) -> Iterator[str]:
    yield package(result, artifact, style)
    yield style.paint(f"  sha256    {artifact.sha256}", "dim")
    yield style.paint(f"  contents  {artifact.contents}", "dim")
    yield f"  upload    {UPLOAD_HINT}"


def package(result: Result, artifact: Artifact, style: Style) -> str:
    """Return the one line that says an archive."""
    version = f"version {artifact.version}, " if artifact.version else ""
    size = human_size(artifact.size)
    return (
        f"{style.paint(printable(result.target), 'bold')}  {printable(version)}{plural(artifact.files, 'file')}, {size}"
    )


def sum_of(results: Sequence[Result], style: Style) -> str:
    """Return ``2 errors, 1 warning in 3 widgets (12 in the baseline)``, or ``no findings``."""
    found = [(count, name) for name, count in counts(results).items() if count]
    painted = [style.paint(plural(count, name), name) for count, name in found]
    widgets = f" in {len(results)} widgets" if len(results) > 1 else ""
    known = sum(result.known for result in results)
    silent = f" ({known} in the baseline)" if known else ""
    return (", ".join(painted) or style.paint("no findings", "good")) + widgets + silent


def counts(results: Sequence[Result]) -> dict[str, int]:
    """Return how many findings there are of each severity, the worst first."""
    found = [finding.severity for result in results for finding in result.findings]
    return {severity: found.count(severity) for severity in SEVERITIES}


def plural(count: int, noun: str) -> str:
    """Return ``1 error``, ``2 errors``; info has no plural."""
    return f"{count} {noun}" if count == 1 or noun == "info" else f"{count} {noun}s"


def human_size(size: int) -> str:
    """Return a size in bytes as people read it, in steps of 1,000: ``714 B``, ``61.2 kB``, ``2.1 MB``."""
    if size < 1000:  # noqa: PLR2004
        return f"{size} B"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"  # noqa: PLR2004

"""For people: findings by file with their source line, then one line of sum."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from widgetpack.model import SEVERITIES, Artifact, Finding
from widgetpack.platform import UPLOAD_HINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.pipeline import Result

_WIDTH = 110
_COLOURS = {"error": "31", "warning": "33", "info": "36", "good": "32", "dim": "2", "bold": "1"}


class Style(NamedTuple):
    """How the output looks."""

    colour: bool = False
    quiet: bool = False
    """Findings only: no sum, no archive."""

    def paint(self, text: str, name: str) -> str:
        """Colour a text, where colours are on."""
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if self.colour else text


def render_text(results: Sequence[Result], style: Style) -> str:
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
        lines.append(_sum(results, style))
    return "\n".join(lines).rstrip("\n") + "\n" if lines else ""


def where(finding: Finding) -> str:
    """Return the file of a finding as the user would open it; members of a zip stand behind its name."""
    if not finding.path:
        return finding.source
    return finding.path if finding.source == "." else f"{finding.source}/{finding.path}"


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    place = style.paint(f"{_printable(where(finding))}:{finding.line}:{finding.column}:", "bold")
    code = style.paint(f"{finding.code} {finding.severity}", finding.severity)
    yield f"{place} {code} {_printable(finding.message)}"
    if finding.text.strip():
        text, caret = _window(finding.text, finding.column)
        yield f"    {_printable(text)}"
        yield "    " + style.paint(f"{caret}^", finding.severity)


def _window(text: str, column: int) -> tuple[str, str]:
    """Cut a long line around the column; return it with the blanks that stand before the caret, tabs kept as tabs."""
    start = max(0, column - 1 - _WIDTH // 2) if len(text) > _WIDTH else 0
    text = text[start : start + _WIDTH]
    return text, "".join("\t" if letter == "\t" else " " for letter in text[: column - 1 - start])


def _printable(text: str) -> str:
    """Show control characters as escapes: a widget's text must not steer the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\t" else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return f"\\x{ord(letter):02x}" if ord(letter) < 0x100 else f"\\u{ord(letter):04x}"  # noqa: PLR2004


def _artifact(result: Result, artifact: Artifact, style: Style) -> Iterator[str]:
    size = human_size(artifact.size)
    version = f"version {artifact.version}, " if artifact.version else ""
    yield f"{style.paint(result.target, 'bold')}  {version}{artifact.files} files, {size}"
    yield style.paint(f"  sha256    {artifact.sha256}", "dim")
    yield style.paint(f"  contents  {artifact.contents}", "dim")
    yield f"  upload    {UPLOAD_HINT}"


def _sum(results: Sequence[Result], style: Style) -> str:
    counts = Counter(finding.severity for result in results for finding in result.findings)
    parts = [style.paint(plural(counts[severity], severity), severity) for severity in SEVERITIES if counts[severity]]
    widgets = f" in {len(results)} widgets" if len(results) > 1 else ""
    return (", ".join(parts) or style.paint("no findings", "good")) + widgets


def plural(count: int, noun: str) -> str:
    """Return ``1 error``, ``2 errors``; info has no plural."""
    return f"{count} {noun}" if count == 1 or noun == "info" else f"{count} {noun}s"


def human_size(size: int) -> str:
    """Return a size in bytes as people read it, in steps of 1,000: ``714 B``, ``61.2 kB``, ``2.1 MB``."""
    if size < 1000:  # noqa: PLR2004
        return f"{size} B"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"  # noqa: PLR2004

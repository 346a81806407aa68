"""For job summaries: verdict, findings, the table of logos, and the archive, as GitHub's Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.model import SEVERITIES
from widgetpack.platform import LOGO_ENDINGS, SLOTS, Slot
from widgetpack.report.places import as_uri, spot_of
from widgetpack.report.style import printable
from widgetpack.report.text import human_size, sum_of, where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.model import Artifact, Finding, Image
    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style

_MARKS = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}  # noqa: RUF001  # the sign that GitHub shows for a note
_GOOD = "✅"
_MOST = 200
"""Findings in a table: GitHub refuses a summary of more than 1 MiB, and nobody reads that many."""

_MARKUP = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_[]|~#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def render(results: Sequence[Result], style: Style) -> str:
    """Return one section per widget; quiet leaves only the findings of those that have some."""
    style = style._replace(colour=False)
    sections = ["\n".join(_section(result, style)) for result in results if result.findings or not style.quiet]
    if len(results) > 1 and not style.quiet:
        failed = sum(result.fails(result.fail_level) for result in results)
        sections.insert(
            0, f"# widgetpack: {sum_of(results, style)}\n\n{len(results) - failed} passed, {failed} failed\n"
        )
    return "\n".join(sections)


def _section(result: Result, style: Style) -> Iterator[str]:
    mark = _MARKS["error"] if result.fails(result.fail_level) else _GOOD
    yield f"## {mark} {_escaped(result.source)}: {sum_of([result], style)}\n"
    if result.findings:
        yield from _findings(result, style)
    if not style.quiet:
        yield from _logos(result)
        if result.artifact is not None:
            yield from _artifact(result, result.artifact)


def _findings(result: Result, style: Style) -> Iterator[str]:
    yield from _head("", "rule", "where", "finding")
    for finding in result.findings[:_MOST]:
        rule = f"{finding.code} {finding.slug}"
        yield _row(_MARKS[finding.severity], _escaped(rule), _linked(finding, result, style), _escaped(finding.message))
    if len(result.findings) > _MOST:
        yield f"\n{len(result.findings) - _MOST} more findings are not listed here."
    yield ""


def _linked(finding: Finding, result: Result, style: Style) -> str:
    """Return the place of a finding, as a link where the checkout has that file."""
    spot = spot_of(finding, result, finding.source, style)
    name = _escaped(f"{where(finding)}:{finding.line}")
    if spot.in_archive or spot.path.startswith(("/", "..")):
        return name
    return f"[{name}]({style.blob}{as_uri(spot.path)}#L{spot.line})"


def _logos(result: Result) -> Iterator[str]:
    """Yield a row per slot; whether an absent or odd picture matters is what the findings say of it."""
    pictures = {picture.path: picture for picture in result.pictures}
    rows = []
    for slot in SLOTS:
        found = next(
            (pictures[path] for end in LOGO_ENDINGS["amocrm"] if (path := f"images/{slot.name}.{end}") in pictures),
            None,
        )
        if found is not None or _mark(slot, found, result):
            pixels = f"{found.width}x{found.height}" if found and found.width else "unreadable" if found else "none"
            size = human_size(found.size) if found else ""
            wanted = f"{slot.width}x{slot.height}"
            rows.append(_row(_mark(slot, found, result), _escaped(slot.name), wanted, pixels, size))
    if rows:
        yield from (*_head("", "logo", "wanted", "found", "size"), *rows, "")


def _mark(slot: Slot, found: Image | None, result: Result) -> str:
    """Return the sign of the worst finding about a slot; nothing for an empty slot that nobody misses."""
    about = {
        finding.severity
        for finding in result.findings
        if (finding.path == found.path if found else f"images/{slot.name}.png" in finding.message)
    }
    worst = next((severity for severity in SEVERITIES if severity in about), None)
    return _MARKS[worst] if worst else _GOOD if found else ""


def _artifact(result: Result, artifact: Artifact) -> Iterator[str]:
    yield from _head("archive", _escaped(result.target))
    yield _row("version", _escaped(artifact.version) or "none")
    yield _row("size", f"{human_size(artifact.size)} in {artifact.files} files")
    yield _row("sha256", f"`{artifact.sha256}`")
    yield _row("contents", f"`{artifact.contents}`")
    largest = ", ".join(f"{_escaped(path)} ({human_size(size)})" for path, size in result.largest)
    yield _row("biggest", largest)
    yield ""


def _head(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield "|" + "---|" * len(titles)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return printable(text.replace("\n", " ")).translate(_MARKUP)

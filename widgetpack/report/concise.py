"""For people and editors: one line per finding, as compilers print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.report.text import headline, package, sum_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgetpack.pipeline import Result
    from widgetpack.report.style import Style


def render(results: Sequence[Result], style: Style) -> str:
    """Return ``path:line:col: CODE severity message`` per finding, then one line per archive and the sum."""
    lines = [headline(finding, style) for result in results for finding in result.findings]
    if not style.quiet:
        lines += [package(item, item.artifact, style) for item in results if item.artifact is not None]
        lines.append(sum_of(results, style))
    return "".join(f"{line}\n" for line in lines)

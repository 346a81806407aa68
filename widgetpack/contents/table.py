"""What is in the scripts, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgetpack.contents.packages import copies, read_items
from widgetpack.report.style import printable
from widgetpack.report.text import human_size, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from widgetpack.model import Content

REST = "written by the bundler"
"""What is in a script beside the files: wrapping, helpers, legal comments."""


def render_table(contents: Iterable[Content]) -> str:
    """Return for each script its size, and below it a line with bytes and share for every package and file."""
    return "\n".join("\n".join(_lines(content)) + "\n" for content in contents)


def _lines(content: Content) -> Iterator[str]:
    items = read_items(content)
    packages = sum(bool(item.folder) for item in items)
    counts = ", ".join(
        plural(count, noun) for count, noun in ((packages, "package"), (len(items) - packages, "file")) if count
    )
    yield f"{printable(content.file)}  {human_size(content.size)} before compression: {counts or 'nothing'}"
    for item in items:
        yield _line(item.size, content.size, printable(item.label))
    rest = content.size - sum(item.size for item in items)
    if rest > 0:
        yield _line(rest, content.size, f"({REST})")
    for line in copies(items):
        yield f"  {printable(line)}"


def _line(size: int, whole: int, name: str) -> str:
    return f"{human_size(size):>10} {share(size, whole):>7}  {name}"


def share(size: int, whole: int) -> str:
    """Return a part in percent: ``12.4 %``."""
    return f"{100 * size / whole:.1f} %" if whole else "0.0 %"

"""Reports on the disk."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.errors import WriteError
from widgetpack.files.writing import write_whole

if TYPE_CHECKING:
    from widgetpack.config.outputs import Output

_REPORTS = {
    "json": rb'\{\s*"tool": "widgetpack"',
    "sarif": rb'\{\s*"\$schema": "[^"]*sarif',
    "gitlab": rb"\s*\[",
    "junit": rb"(?:<\?xml[^>]*>)?\s*<testsuite",
    "markdown": rb"# widgetpack: |## \xe2",
}
"""How an earlier report of each format begins; the others are lines, which begin with anything."""

_LINES = ("", ".txt", ".log", ".out")
"""Endings under which a report of lines replaces a file."""

_HEAD = 300
"""Bytes that tell a report; the longest beginning above takes 120."""


def write_report(output: Output, text: str, summary: str = "") -> None:
    """Write a report to its file: whole or not at all.

    ``summary`` names the file of GitHub's job summary (``GITHUB_STEP_SUMMARY``), which is added to: other tools of the same
    step write there too. Raises `WriteError` also where the file is something else than a report.
    """
    target = Path(output.file)
    data = text.encode(errors="backslashreplace")
    hint = f"name another file: {output.format}:FILE"
    # os.path's questions have an answer also for what may not be looked at; the writing then says why.
    if os.path.isdir(target):  # noqa: PTH112
        message = f"{target}: a folder is in the way of the report"
        raise WriteError(message, hint)
    is_summary = bool(summary) and os.path.abspath(target) == os.path.abspath(summary)  # noqa: PTH100
    if is_summary or (os.path.exists(target) and not os.path.isfile(target)):  # noqa: PTH110, PTH113  # /dev/stdout
        _pour(target, data, hint)
    elif not _may_be_replaced(target, output.format):
        message = f"{target}: exists and is no {output.format} report; it is left as it is"
        raise WriteError(message, hint)
    else:
        write_whole(target, data, hint)


def _pour(target: Path, data: bytes, hint: str) -> None:
    """Write behind what is there."""
    try:
        with target.open("ab") as file:
            file.write(data)
    except OSError as error:
        message = f"{target}: cannot be written: {(error.strerror or str(error)).lower()}"
        raise WriteError(message, hint) from None


def _may_be_replaced(target: Path, kind: str) -> bool:
    """Tell whether a file may give way: a slip of the hand (`--output-format manifest.json`) would cost a source file."""
    try:
        with target.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):  # not there, or not to be read: writing says what is wrong
        return True
    if not head:
        return True
    return bool(re.match(_REPORTS[kind], head)) if kind in _REPORTS else target.suffix.lower() in _LINES

"""Reports on the disk."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.errors import WriteError, reason_of
from widgetpack.files.usable import REPORT_START
from widgetpack.files.writing import write_whole

if TYPE_CHECKING:
    from widgetpack.config.outputs import Output

BUNDLE = "bundle"
"""The page about what is in the scripts: no format of findings, and under the same protection."""
_SUM = rb"(?:no findings|\d+ (?:errors?|warnings?|info)(?:, \d+ (?:warnings?|info))*)(?: in \d+ widgets)?(?: \(\d+ in the baseline\))?"
_LINE = (
    # A finding, an archive, or the sum, whichever comes first.
    rb"[^\r\n]+:\d+:\d+: [A-Z]\d\d (?:error|warning|info) "
    rb"|[^\r\n]+  (?:version [^\r\n]+, )?\d+ files?, [\d.]+ (?:B|kB|MB)\n"
    rb"|" + _SUM + rb"\n"
)
_REPORTS = {
    "text": _LINE,
    "concise": _LINE,
    "json": rb'\{\s*"tool": "widgetpack"',
    "github": rb"::(?:error|warning|notice) title=[A-Z]\d\d [a-z_]+,file=",
    "sarif": rb'\{\s*"\$schema": "[^"]*sarif[^"]*",\s*"version": "[^"]*",\s*"runs": \[\s*\{\s*"tool": \{\s*"driver": \{\s*"name": "widgetpack"',
    "gitlab": rb'\[\s*(?:\]\s*\Z|\{\s*"type": "issue",\s*"check_name": "[A-Z]\d\d )',
    "junit": rb'<\?xml[^>]*>\s*<testsuites name="widgetpack"',
    BUNDLE: re.escape(REPORT_START),
    "markdown": rb"(?:# widgetpack|## (?:\xe2\x9c\x85|\xe2\x9d\x8c) [^\r\n]+): " + _SUM + rb"\n",
}
"""How an earlier report of each format begins, as the modules beside this one write it."""

_HEAD = 10_000
"""Bytes that tell a report: its first line, in which a path and a message stand."""


def write_report(output: Output, text: str, summary: str = "") -> None:
    """Write a report to its file: whole or not at all.

    ``summary`` names the file of GitHub's job summary (``GITHUB_STEP_SUMMARY``), which is added to: other tools of the same
    step write there too. Raises `WriteError` also where the file is something else than an earlier report.
    """
    target = Path(output.file)
    data = text.encode(errors="backslashreplace")
    hint = _hint(output)
    # os.path's questions have an answer also for what may not be looked at; the writing then says why.
    if os.path.isdir(target):  # noqa: PTH112
        message = f"{target}: a folder is in the way of the report"
        raise WriteError(message, hint)
    if _is_added_to(target, summary):
        _pour(target, data, hint)
    else:
        refuse_other_file(output, summary)
        write_whole(target, data, hint)


def refuse_other_file(output: Output, summary: str = "") -> None:
    """Raise `WriteError` where a report's file is something else than an earlier report; ``summary`` as in `write_report`."""
    target = Path(output.file)
    if not _is_added_to(target, summary) and not _may_be_replaced(target, output.format):
        message = f"{target}: exists and is no {output.format} report of widgetpack; it is left as it is"
        raise WriteError(message, _hint(output))


def _hint(output: Output) -> str:
    return "name another file: " + ("--report FILE" if output.format == BUNDLE else f"{output.format}:FILE")


def _is_added_to(target: Path, summary: str) -> bool:
    """Tell whether a report is written behind what is there: in the job's summary, in a pipe or device (/dev/stdout)."""
    is_summary = bool(summary) and os.path.abspath(target) == os.path.abspath(summary)  # noqa: PTH100
    return is_summary or (os.path.exists(target) and not os.path.isfile(target))  # noqa: PTH110, PTH113


def _pour(target: Path, data: bytes, hint: str) -> None:
    """Write behind what is there."""
    try:
        with target.open("ab") as file:
            file.write(data)
    except OSError as error:
        message = f"{target}: cannot be written: {reason_of(error)}"
        raise WriteError(message, hint) from None


def _may_be_replaced(target: Path, kind: str) -> bool:
    """Tell whether a file may give way: a slip of the hand (`--output-format manifest.json`) would cost a source file."""
    try:
        with target.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):  # not there, or not to be read: writing says what is wrong
        return True
    return not head or re.match(_REPORTS[kind], head) is not None

"""Reports on the disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from widgetpack.errors import WriteError, reason_of
from widgetpack.files.writing import write_whole
from widgetpack.files.written import BUNDLE, HEAD_BYTES, is_report

if TYPE_CHECKING:
    from widgetpack.config.outputs import Output


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
            head = file.read(HEAD_BYTES)
    except (OSError, ValueError):  # not there, or not to be read: writing says what is wrong
        return True
    return not head or is_report(head, kind)

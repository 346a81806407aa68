"""How the files begin that widgetpack itself has written: what it may replace, and what is no part of a widget."""

from __future__ import annotations

import re
from typing import Final

PAGE_START: Final = b'<!doctype html>\n<html lang="en" data-widgetpack="bundle">'
"""The page of ``build --report``."""
BUNDLE: Final = "bundle"
"""Its name among the formats of findings, which it is none of."""
BASELINE_KEY: Final = "widgetpack-baseline"
"""The first key of a baseline; its value is the version of the format."""

_SUM = rb"(?:no findings|\d+ (?:errors?|warnings?|info)(?:, \d+ (?:warnings?|info))*)(?: in \d+ widgets)?(?: \(\d+ in the baseline\))?"
_LINE = (
    # A finding, an archive, or the sum, whichever comes first.
    rb"[^\r\n]+:\d+:\d+: [A-Z]\d\d (?:error|warning|info) "
    rb"|[^\r\n]+  (?:version [^\r\n]+, )?\d+ files?, [\d.]+ (?:B|kB|MB)\n"
    rb"|" + _SUM + rb"\n"
)
_ISSUES = rb'\[\s*\{\s*"type": "issue",\s*"check_name": "[A-Z]\d\d '
_STARTS: Final = {
    "text": _LINE,
    "concise": _LINE,
    "json": rb'\{\s*"tool": "widgetpack"',
    "github": rb"::(?:error|warning|notice) title=[A-Z]\d\d [a-z_]+,file=",
    "sarif": rb'\{\s*"\$schema": "[^"]*sarif[^"]*",\s*"version": "[^"]*",\s*"runs": \[\s*\{\s*"tool": \{\s*"driver": \{\s*"name": "widgetpack"',
    "gitlab": rb"\[\s*\]\s*\Z|" + _ISSUES,
    "junit": rb'<\?xml[^>]*>\s*<testsuites name="widgetpack"',
    BUNDLE: re.escape(PAGE_START),
    "markdown": rb"(?:# widgetpack|## (?:\xe2\x9c\x85|\xe2\x9d\x8c) [^\r\n]+): " + _SUM + rb"\n",
}
"""How an earlier report of each format begins, as the modules of `widgetpack.report` write it."""
_OWN: Final = re.compile(
    b"|".join((*(_STARTS[kind] for kind in ("json", "sarif", "junit", BUNDLE)), _ISSUES))
    + rb'|\{\s*"%b": \d' % BASELINE_KEY.encode()
)

HEAD_BYTES: Final = 10_000
"""So many tell a report: its first line, in which a path and a message stand."""


def is_report(head: bytes, kind: str) -> bool:
    """Tell whether a file that begins so is a report of this format."""
    return re.match(_STARTS[kind], head) is not None


def is_own(data: bytes) -> bool:
    """Tell whether a file is a report or a baseline beyond doubt: an empty list may be anybody's."""
    return _OWN.match(data) is not None

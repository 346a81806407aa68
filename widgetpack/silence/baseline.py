"""The baseline: findings that are known and silent, so that an old widget can adopt the tool and show only what is new."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from widgetpack.errors import UsageError, WriteError, reason_of
from widgetpack.files.selection import read_regular
from widgetpack.files.writing import write_whole
from widgetpack.files.written import BASELINE_KEY
from widgetpack.model import MAX_FILE_BYTES
from widgetpack.silence.fingerprints import fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from widgetpack.model import Finding

VERSION: Final = 1


class Known(NamedTuple):
    """One finding of a baseline."""

    code: str
    fingerprint: str
    """As `widgetpack.silence.fingerprints.fingerprints` gives it among the findings of its widget."""


Baseline = dict[str, frozenset[Known]]
"""The known findings of each widget, by its path relative to the baseline's folder."""


def read_baseline(file: Path) -> Baseline:
    """Read a baseline; raises `UsageError` where it cannot be read, is of another version, or is something else."""
    hint = f"`widgetpack validate --write-baseline {file}` writes one"
    try:
        data = read_regular(str(file), MAX_FILE_BYTES) or b""
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        message = f"{file}: cannot be read: {reason_of(error)}"
        raise UsageError(message, hint) from None
    value = _parsed(data)
    version = value.get(BASELINE_KEY) if isinstance(value, dict) else None
    if type(version) is not int:  # true is 1 for Python
        version = None
    elif version != VERSION:
        message = f"{file}: a baseline of version {version}, not {VERSION}"
        raise UsageError(message, f"update widgetpack, or write it anew: {hint}")
    known = None if version is None else _known(value)
    if known is None:
        message = f"{file}: no baseline of widgetpack"
        raise UsageError(message, "name the file that `validate --write-baseline` wrote")
    return known


def baseline_text(file: Path, widgets: Iterable[tuple[str, Sequence[Finding]]]) -> bytes:
    """Return the baseline to be written to ``file``: of each widget its `Result.source` and findings. Line ends are LF.

    Same findings, same bytes: neither line numbers nor the order of the command line count.
    """
    groups = {}
    for source, findings in widgets:
        rows = sorted(
            (item.path, item.code, item.message, name)
            for item, name in zip(findings, fingerprints(findings), strict=True)
        )
        keys = ("path", "code", "message", "fingerprint")
        groups[widget_key(file, source)] = [_json(dict(zip(keys, row, strict=True))) for row in rows]
    blocks = [
        f"    {_json(key)}: [" + ",".join(f"\n      {row}" for row in rows) + ("\n    ]" if rows else "]")
        for key, rows in sorted(groups.items())
    ]
    body = ",\n".join(blocks)
    text = f'{{\n  "{BASELINE_KEY}": {VERSION},\n  "widgets": {{\n{body}\n  }}\n}}\n'
    return text.encode("utf-8", "backslashreplace")  # an unpaired surrogate becomes the escape that JSON knows


def write_baseline(file: Path, widgets: Iterable[tuple[str, Sequence[Finding]]]) -> None:
    """Put the baseline of ``widgets`` at ``file`` in one step; raises `WriteError`, also where something else lies there."""
    hint = "name another file with --write-baseline"
    if not _may_be_replaced(file):
        message = f"{file}: exists and is no baseline of widgetpack; it is left as it is"
        raise WriteError(message, hint)
    write_whole(file, baseline_text(file, widgets), hint)


def widget_key(file: Path, source: str) -> str:
    """Return a widget's path relative to the folder of the baseline ``file``, wherever the command was called."""
    there, here = os.path.realpath(source), os.path.realpath(file.parent)
    try:
        return os.path.relpath(there, here).replace(os.sep, "/")
    except ValueError:  # Windows: another drive
        return there.replace(os.sep, "/")


def _may_be_replaced(file: Path) -> bool:
    """Tell whether nothing, an empty file or a baseline of any version lies at ``file``; errors are the writer's to tell."""
    if not os.path.isfile(file):  # noqa: PTH113  # has an answer also for what may not be looked at
        return not os.path.exists(file)  # noqa: PTH110
    try:
        data = read_regular(str(file), MAX_FILE_BYTES)
    except OSError:
        return True
    value = _parsed(data or b"")
    return data == b"" or (isinstance(value, dict) and BASELINE_KEY in value)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _known(value: Mapping[str, Any]) -> Baseline | None:
    """Return the known findings of a parsed baseline; None where its shape is another one."""
    widgets = value.get("widgets")
    if not isinstance(widgets, dict) or not all(isinstance(rows, list) for rows in widgets.values()):
        return None
    found = {}
    for key, rows in widgets.items():
        pairs = [(row.get("code"), row.get("fingerprint")) for row in rows if isinstance(row, dict)]
        known = [Known(code, name) for code, name in pairs if isinstance(code, str) and isinstance(name, str)]
        if len(known) != len(rows):
            return None
        found[key] = frozenset(known)
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

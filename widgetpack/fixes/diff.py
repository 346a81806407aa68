"""A plan as a unified diff that `git apply` takes."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from widgetpack.fixes.hunks import hunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.fixes.rounds import Plan

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_NO_END = b"\n\\ No newline at end of file\n"


def render_diff(plan: Plan, junk: Sequence[str] = (), stays: Sequence[str] = ()) -> bytes:
    """Return what a plan would change, with one line for each piece of junk that would go and each that would stay.

    Paths start at the current folder, or at the widget's where that lies elsewhere (see `is_below_here`).
    """
    around = _around(plan.source)
    parts = [part for path in sorted(plan.after) for part in _file(plan, path, around)]
    parts += [_bytes(f"Only a removal: {_below(around, path)}\n") for path in junk]
    if parts:
        parts += [_bytes(f"Stays: {_below(around, path)}, no leftover of an operating system\n") for path in stays]
    return b"".join(parts)


def is_below_here(source: str) -> bool:
    """Tell whether the paths of a widget's diff start at the current folder: git takes none that climbs out of it."""
    here, there = os.path.realpath("."), os.path.realpath(source)
    return there == here or there.startswith(here.rstrip(os.sep) + os.sep)


def _around(source: str) -> str:
    """Return the widget's folder as the current one sees it, empty where paths start in it; git follows no links."""
    if not is_below_here(source):
        return ""
    path = os.path.relpath(os.path.realpath(source), os.path.realpath(".")).replace(os.sep, "/")
    return "" if path == "." else path


def _below(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _file(plan: Plan, path: str, around: str) -> Iterator[bytes]:
    before = _old_name(plan, path)
    if before != path:
        around = _below(_from_top("." if is_below_here(plan.source) else plan.source), around).rstrip("/")
    old, new = _below(around, before), _below(around, path)
    if old != new:
        yield _bytes(f"diff --git {_quoted('a/' + old)} {_quoted('b/' + new)}\n")
        yield _bytes(f"rename from {_quoted(old)}\nrename to {_quoted(new)}\n")
    lines = _LINE.findall(plan.before[path]), _LINE.findall(plan.after[path])
    names = _header("a/" + old), _header("b/" + new)
    if lines[0] != lines[1]:
        yield b"--- " + names[0] + b"\n+++ " + names[1] + b"\n"
    for line in hunks(*lines):
        yield line if line.endswith(b"\n") else line + _NO_END


def _old_name(plan: Plan, path: str) -> str:
    for rename in reversed(plan.renames):
        if path == rename.target or path.startswith(rename.target + "/"):
            path = rename.path + path[len(rename.target) :]
    return path


def _from_top(folder: str) -> str:
    """Return ``folder`` as its repository sees it: git reads the names below a line ``diff --git`` from there."""
    start = top = os.path.realpath(folder)
    while not os.path.lexists(os.path.join(top, ".git")):  # noqa: PTH118
        if top == os.path.dirname(top):  # noqa: PTH120
            return ""
        top = os.path.dirname(top)  # noqa: PTH120
    path = os.path.relpath(start, top).replace(os.sep, "/")
    return "" if path == "." else path


def _header(name: str) -> bytes:
    """Return a name for a line with ``---`` or ``+++``; a tab ends one with blanks, as git writes it."""
    return _bytes(_quoted(name) + ("\t" if " " in name else ""))


def _quoted(name: str) -> str:
    """Return a name as git writes it: quoted where it holds a quote, a back-slash or a control character."""
    if name.isprintable() and not re.search(r'["\\]', name):
        return name
    special = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    return '"' + "".join(special.get(char) or (char if char.isprintable() else _octal(char)) for char in name) + '"'


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in _bytes(char))


def _bytes(text: str) -> bytes:
    """Return UTF-8; what a C locale could not read of a file's name becomes the bytes that it was."""
    return text.encode("utf-8", sys.getfilesystemencodeerrors())

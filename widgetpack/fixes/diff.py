"""A plan as a unified diff that `git apply` takes."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from widgetpack.fixes.rounds import Plan

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_NO_END = b"\n\\ No newline at end of file\n"


def render_diff(plan: Plan, junk: Sequence[str] = ()) -> bytes:
    """Return what a plan would change; paths start at the current folder, and junk that would go is one line each."""
    parts = [part for path in sorted(plan.after) for part in _file(plan, path)]
    parts += [f"Only a removal: {_named(plan, path)}\n".encode() for path in junk]
    return b"".join(parts)


def _file(plan: Plan, path: str) -> Iterator[bytes]:
    old, new = _named(plan, _old_name(plan, path)), _named(plan, path)
    if old != new:
        yield f"diff --git {_quoted('a/' + old)} {_quoted('b/' + new)}\n".encode()
        yield f"rename from {_quoted(old)}\nrename to {_quoted(new)}\n".encode()
    lines = _LINE.findall(plan.before[path]), _LINE.findall(plan.after[path])
    names = _header("a/" + old), _header("b/" + new)
    for line in difflib.diff_bytes(difflib.unified_diff, *lines, *names):
        yield line if line.endswith(b"\n") else line + _NO_END


def _old_name(plan: Plan, path: str) -> str:
    for rename in reversed(plan.renames):
        if path == rename.target or path.startswith(rename.target + "/"):
            path = rename.path + path[len(rename.target) :]
    return path


def _named(plan: Plan, path: str) -> str:
    # Behind the prefix an absolute path would have two slashes, which no tool takes.
    return path if plan.source == "." else f"{plan.source}/{path}".lstrip("/")


def _header(name: str) -> bytes:
    """Return a name for a line with ``---`` or ``+++``; a tab ends one with blanks, as git writes it."""
    return (_quoted(name) + ("\t" if " " in name else "")).encode()


def _quoted(name: str) -> str:
    """Return a name as git writes it: quoted where it holds a quote, a back-slash or a control character."""
    if name.isprintable() and not re.search(r'["\\]', name):
        return name
    special = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    return '"' + "".join(special.get(char) or (char if char.isprintable() else _octal(char)) for char in name) + '"'


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in char.encode())

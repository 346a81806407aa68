"""What the schema of the config cannot say about ``[script]``: names that the bundler could not take."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.model import Pointer

_DEFINED = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
_TARGET = re.compile(
    r"(?:es(?:next|5|6|20(?:1[5-9]|2\d))|(?:chrome|edge|firefox|ie|ios|node|opera|safari|deno|hermes|rhino)\d+(?:\.\d+){0,2})"
)
_MODULE = re.compile(r"[^\s\"',*\\\x00-\x1f][^\s\"',*\\\x00-\x1f]*(?:\*[^\s\"',*\\\x00-\x1f]*)?")
_RENAMED = re.compile(r"[^./].*[^/]|[^./]")
_RESERVED = frozenset(
    """break case catch class const continue debugger default delete do else enum export extends false finally for function if
    import in instanceof new null return super switch this throw true try typeof var void while with""".split()  # noqa: SIM905
)
_ENTRY = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.js", re.ASCII)
_ENDING = re.compile(r"\.[\w.-]*\w", re.ASCII)


def script_faults(table: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """Yield the place and the words of every value of ``[script]`` that the bundler could not take."""
    for key in ("entry", "env-file"):
        if "\0" in table.get(key, ""):
            yield ("script", key), f"`script.{key}`: a NUL character in a path"
    if "\0" in table.get("command", "") or not table.get("command", "-").strip():
        yield ("script", "command"), "`script.command`: names no command: `npm run build`"
    for name, source in table.get("entries", {}).items():
        if _ENTRY.fullmatch(name) is None or name == "script.js":
            words = "is `script.entry`'s" if name == "script.js" else "is no script of the package: `lib/frame.js`"
            yield ("script", "entries", name), f'`script.entries`: "{name}" {words}'
        elif "\0" in source:
            yield ("script", "entries", name), f"`script.entries.{name}`: a NUL character in a path"
    if table.get("inline-limit", 0) < 0:
        yield ("script", "inline-limit"), f"`script.inline-limit`: {table['inline-limit']}, not 0 or more bytes"
    yield from _define_faults(table)
    modules = [(("external", i), name) for i, name in enumerate(table.get("external", ()))]
    modules += [(("rename", key), name) for key, value in table.get("rename", {}).items() for name in (key, value)]
    for place, name in modules:
        own = place == ("rename", name)
        if _MODULE.fullmatch(name) is None or (own and ("*" in name or _RENAMED.fullmatch(name) is None)):
            yield (
                ("script", *place),
                f"`script.{place[0]}`: {json.dumps(name, ensure_ascii=False)} is no name of a module",
            )
    yield from _list_faults(table)


def _define_faults(table: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    for name in table.get("define", {}):
        if _DEFINED.fullmatch(name) is None or name in _RESERVED:
            yield ("script", "define", name), f'`script.define`: "{name}" is no name: `__DEV__`, `process.env.API`'


def _list_faults(table: dict[str, Any]) -> Iterator[tuple[Pointer, str]]:
    for index, ending in enumerate(table.get("css-modules", ())):
        if _ENDING.fullmatch(ending) is None or not ending.endswith(".css"):
            yield ("script", "css-modules", index), f'`script.css-modules`: "{ending}" is no ending: `.scoped.css`'
    given = table.get("target", ())
    for index, name in enumerate((given,) if isinstance(given, str) else given):
        if _TARGET.fullmatch(name) is None:
            pointer: Pointer = ("script", "target") if isinstance(given, str) else ("script", "target", index)
            yield pointer, f'`script.target`: "{name}" is no target: `es2020`, `chrome100`'

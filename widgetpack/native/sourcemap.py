"""Source maps (ECMA-426): moved with the code, and read for the place of a finding."""

from __future__ import annotations

import base64
import json
import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_DIGITS: Final = {letter: value for value, letter in enumerate(_LETTERS)}
_MORE: Final = 32
"""The bit that says that another digit follows; five others are in each."""


class Origin(NamedTuple):
    """Where a piece of output comes from; lines and columns count from 0, columns in UTF-16 units."""

    column: int
    """In the output."""
    source: str
    line: int
    at: int
    """Column in the source."""


def move(data: bytes, name: str, above: int, out: str, cwd: str) -> bytes:
    """Return the map of a script that has got ``above`` lines before it and is called ``name``.

    Sources, which esbuild names as seen from the folder ``out``, are named as seen from ``cwd``. Raises ValueError for what is no map.
    """
    value = _load(data)
    # Not resolved: every name is below one of the two, or goes up from them.
    value["sources"] = [
        os.path.relpath(os.path.join(out, os.path.dirname(name), source), cwd).replace(os.sep, "/")  # noqa: PTH118, PTH120
        for source in value["sources"]
    ]
    value["mappings"] = ";" * above + value["mappings"]
    return json.dumps(
        {"version": value["version"], "file": name, **value}, ensure_ascii=False, separators=(",", ":")
    ).encode()


class Stretch(NamedTuple):
    """A place in the output that became longer, or shorter; line and column count from 0, in UTF-16 units."""

    line: int
    column: int
    by: int


def stretch(data: bytes, stretches: Sequence[Stretch]) -> bytes:
    """Return the map of an output in which each of ``stretches`` moved what stands behind it on its line."""
    value = _load(data)
    lines = value["mappings"].split(";")
    for line in sorted({item.line for item in stretches}):
        if line < len(lines):
            lines[line] = ",".join(_stretched(lines[line], [item for item in stretches if item.line == line]))
    value["mappings"] = ";".join(lines)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _stretched(text: str, stretches: Sequence[Stretch]) -> Iterator[str]:
    before = before_new = 0
    for segment in text.split(",") if text else ():
        first = next(i for i, letter in enumerate(segment) if _DIGITS[letter] < _MORE) + 1
        before += _numbers(segment[:first])[0]
        now = before + sum(item.by for item in stretches if item.column < before)
        yield _digits(now - before_new) + segment[first:]
        before_new = now


def _digits(number: int) -> str:
    """Encode base 64 VLQ."""
    rest, found = (abs(number) << 1) | (number < 0), ""
    while True:
        digit, rest = rest & (_MORE - 1), rest >> 5
        found += _LETTERS[digit | (_MORE if rest else 0)]
        if not rest:
            return found


def inline(data: bytes) -> str:
    """Return the comment that carries a map in its script."""
    return f"//# sourceMappingURL=data:application/json;charset=utf-8;base64,{base64.b64encode(data).decode()}\n"


@lru_cache(maxsize=4)
def load_lines(data: bytes) -> tuple[tuple[Origin, ...], ...]:
    """Return for each line of the output where its pieces come from, in their order; raises ValueError for what is no map."""
    value = _load(data)
    sources, numbers = value["sources"], cache(_numbers)  # half of the segments are there twice
    source = row = at = 0
    lines = []
    for text in value["mappings"].split(";"):
        column, line = 0, []
        for segment in text.split(",") if text else ():
            fields = numbers(segment)
            column += fields[0]
            if len(fields) > 1:  # else nothing is said of where it comes from
                source, row, at = source + fields[1], row + fields[2], at + fields[3]
                line.append(Origin(column, sources[source], row, at))
        lines.append(tuple(line))
    return tuple(lines)


def _numbers(segment: str) -> list[int]:
    """Decode base 64 VLQ: five bits a digit, the lowest first, the sign in the lowest bit of all."""
    found: list[int] = []
    value = shift = 0
    for letter in segment:
        digit = _DIGITS[letter]
        value += (digit & (_MORE - 1)) << shift
        shift += 5
        if not digit & _MORE:
            found.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return found


def _load(data: bytes) -> dict[str, Any]:
    value = json.loads(data)
    if isinstance(value, dict) and isinstance(value.get("mappings"), str) and isinstance(value.get("sources"), list):
        return value
    message = "no source map"
    raise ValueError(message)

"""Source maps (ECMA-426): moved with the code, and read for the place of a finding."""

from __future__ import annotations

import base64
import json
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_DIGITS: Final = {letter: value for value, letter in enumerate(_LETTERS)}
_ALLOWED: Final = f"{_LETTERS},;".encode()
_NO_MAP: Final = "no source map"
_MORE: Final = 32
"""The bit that says that another digit follows; five others are in each."""
_SEGMENT: Final = re.compile("({0})({0})?({0})?({0})?[^,]*".format("[g-z0-9+/]*[A-Za-f]"))
"""Numbers, each of digits that say that another one follows and one that does not; a fifth one is a name's."""
_MOVE: Final = re.compile("(?:^|,){0}(?!A)({0})".format("[g-z0-9+/]*[A-Za-f]"))
"""A segment whose source, its second number, is another one than that of the segment before."""


class Origin(NamedTuple):
    """Where a piece of output comes from; lines and columns count from 0, columns in UTF-16 units."""

    column: int
    """In the output."""
    source: str
    line: int
    at: int
    """Column in the source."""


def move(data: bytes, name: str, above: int, folders: tuple[str, str], inputs: Collection[str]) -> bytes:
    """Return the map of a script that has got ``above`` lines before it and is called ``name``.

    Sources, which esbuild names as seen from the first of the ``folders``, are named as seen from the second, as the metafile names
    its ``inputs``. Raises ValueError for what is no map.
    """
    value = _load(data)
    value["sources"] = _inputs(value, name, folders, inputs)
    value["mappings"] = ";" * above + value["mappings"]
    return json.dumps({"version": 3, "file": name, **value}, ensure_ascii=False, separators=(",", ":")).encode()


def _inputs(value: dict[str, Any], name: str, folders: tuple[str, str], inputs: Collection[str]) -> list[str]:
    above = os.path.join(folders[0], os.path.dirname(name))  # noqa: PTH118, PTH120
    return [_input(source, above, folders[1], inputs) for source in value["sources"]]


def _input(source: str, folder: str, cwd: str, inputs: Collection[str]) -> str:
    """Return the path from ``cwd`` of a source; esbuild 0.28 writes it as an address (``%20``), and 0.21 as it is."""
    if source.startswith("<"):  # `<define:process.env>` is no file
        return source
    # Not resolved: every name is below one of the two folders, or goes up from them.
    paths = [
        os.path.relpath(os.path.join(folder, text), cwd).replace(os.sep, "/")  # noqa: PTH118
        for text in ([_plain(source), source] if "%" in source else [source])
    ]
    return next((path for path in paths if path in inputs), paths[0])


def _plain(address: str) -> str:
    from urllib.parse import unquote

    return unquote(address)


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
    ordered = sorted(stretches, key=lambda item: item.column)
    columns, sums = [item.column for item in ordered], [*accumulate((item.by for item in ordered), initial=0)]
    column = moved = 0
    for segment in text.split(",") if text else ():
        found = _SEGMENT.match(segment)
        by = _number(found[1]) if found else 0
        column, before, moved = column + by, moved, sums[bisect_left(columns, column + by)]
        # Most segments stand as far from the last one as they did.
        yield segment if moved == before or not found else _digits(by + moved - before) + segment[found.end(1) :]


def write(name: str, sources: Mapping[str, str], origins: Iterable[tuple[int, Origin]]) -> bytes:
    """Return the map of the script ``name``.

    ``sources`` are texts by path. ``origins`` name the line of the output beside each piece, in the order of the output. A reader
    shows the sources below an address of their own, for one may be called as the script is.
    """
    indexes = {path: index for index, path in enumerate(sources)}
    lines: list[list[str]] = [[]]
    column, state = 0, (0, 0, 0)
    for line, origin in origins:
        while len(lines) <= line:
            lines.append([])
            column = 0
        now = (indexes[origin.source], origin.line, origin.at)
        moved = (origin.column - column, *(here - before for here, before in zip(now, state, strict=True)))
        lines[-1].append("".join(map(_digits, moved)))
        column, state = origin.column, now
    value = {
        "version": 3,
        "file": name,
        "sourceRoot": "widget:///",
        "sources": list(sources),
        "sourcesContent": list(sources.values()),
        "names": [],
        "mappings": ";".join(map(",".join, lines)),
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


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


class _Line(Sequence[Origin]):
    """The pieces of one line, each made when it is asked for: a minified script has fifty thousand."""

    def __init__(self, sources: Sequence[str], *fields: Sequence[int]) -> None:
        """Take what `Origin` holds, field by field; the second one as an index into ``sources``."""
        self._sources, self._fields = sources, fields

    def __len__(self) -> int:
        return len(self._fields[0])

    @overload
    def __getitem__(self, index: int) -> Origin: ...
    @overload
    def __getitem__(self, index: slice) -> list[Origin]: ...
    def __getitem__(self, index: int | slice) -> Origin | list[Origin]:
        if isinstance(index, slice):
            return [self[at] for at in range(len(self))[index]]
        column, source, row, at = (field[index] for field in self._fields)
        return Origin(column, self._sources[source], row, at)


def find_spans(
    data: bytes, name: str, folders: tuple[str, str], inputs: Collection[str], wanted: Collection[str]
) -> dict[int, list[tuple[int, int | None]]]:
    """Return by line the columns from and to which the output ``name`` comes from the ``wanted`` inputs; None: to the end of the line.

    The other parameters are those of `move`. Much less work than `load_lines`.
    """
    value = _load(data)
    indexes = {at for at, path in enumerate(_inputs(value, name, folders, inputs)) if path in wanted}
    spans: dict[int, list[tuple[int, int | None]]] = {}
    known: dict[str, tuple[int, int | None]] = {}
    source = 0
    for number, text in enumerate(value["mappings"].split(";")):
        passed = [*accumulate(map(_number, _MOVE.findall(text)), initial=source)]
        if indexes.isdisjoint(passed):
            source = passed[-1]
            continue
        column, start = 0, -1
        for segment in text.split(",") if text else ():
            if segment not in known:
                known[segment] = _first_two(segment)
            by, further = known[segment]
            column, source = column + by, source + (further or 0)
            if (further is not None and source in indexes) == (start >= 0):
                continue
            if start >= 0:
                spans.setdefault(number, []).append((start, column))
            start = column if start < 0 else -1
        if start >= 0:
            spans.setdefault(number, []).append((start, None))
    return spans


def _first_two(segment: str) -> tuple[int, int | None]:
    """Decode the column of a segment and its source, each as what it differs by; no source where it names none."""
    found = _SEGMENT.match(segment)
    if found is None:
        return 0, None
    return _number(found[1]), _number(found[2]) if found[2] else None


@lru_cache(maxsize=4)
def load_lines(data: bytes) -> tuple[Sequence[Origin], ...]:
    """Return for each line of the output where its pieces come from, in their order; raises ValueError for what is no map."""
    value = _load(data)
    sources, mappings = value["sources"], value["mappings"]
    known = _numbers_of(mappings)
    all_mapped = all(len(fields) > 1 for fields in known.values())
    state, lines = (0, 0, 0), []
    for text in mappings.split(";"):
        fields = [known[segment] for segment in text.split(",")] if text else []
        fields = fields if all_mapped else list(_mapped(fields))
        columns, *others = zip(*fields, strict=True) if fields else ((), (), (), ())
        sums = [list(accumulate(field, initial=start)) for field, start in zip(others, state, strict=True)]
        state = tuple(numbers[-1] for numbers in sums)
        lines.append(_Line(sources, list(accumulate(columns)), *(numbers[1:] for numbers in sums)))
    return tuple(lines)


def find_origin(data: bytes, line: int, column: int) -> Origin | None:
    """Return the piece of the output in which a place lies, counted from 0; None before the first of its line.

    Raises ValueError for what is no map.
    """
    lines = load_lines(data)
    pieces = lines[line] if line < len(lines) else ()
    index = bisect_right(pieces, column, key=attrgetter("column")) - 1
    return pieces[index] if index >= 0 else None


def _numbers_of(mappings: str) -> dict[str, tuple[int, ...]]:
    """Return every segment with its numbers: column, and where it says so, source, its line and its column.

    A segment of a minified script is there six times, and all are made of a few hundred numbers.
    """
    segments = sorted({*mappings.replace(";", ",").split(",")} - {""})
    found = _SEGMENT.findall(",".join(segments))
    if len(found) != len(segments):
        raise ValueError(_NO_MAP)
    values = {text: _number(text) for texts in zip(*found, strict=True) for text in set(texts)}
    numbers = zip(*(map(values.__getitem__, texts) for texts in zip(*found, strict=True)), strict=True)
    known: dict[str, tuple[int, ...]] = dict(zip(segments, numbers, strict=True))
    return known | {segment: known[segment][:1] for segment, texts in zip(segments, found, strict=True) if not texts[1]}


def _mapped(segments: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Yield the segments that say where they come from; the others move what follows them."""
    skipped = 0
    for fields in segments:
        if len(fields) == 1:
            skipped += fields[0]
        else:
            yield (fields[0] + skipped, *fields[1:]) if skipped else fields
            skipped = 0


def _number(text: str) -> int:
    """Decode base 64 VLQ: five bits a digit, the lowest first, the sign in the lowest bit of all."""
    value = 0
    for letter in reversed(text):
        value = value << 5 | _DIGITS[letter] & (_MORE - 1)
    return -(value >> 1) if value & 1 else value >> 1


def _load(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except RecursionError:
        value = None
    if isinstance(value, dict) and isinstance(value.get("mappings"), str) and isinstance(value.get("sources"), list):
        mappings = value["mappings"].encode("ascii", "replace")
        if all(isinstance(source, str) for source in value["sources"]) and not mappings.translate(None, _ALLOWED):
            return value
    raise ValueError(_NO_MAP)

"""Findings in scripts that were made of sources: told at the place in the sources, where people can mend it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, get_args

from widgetpack.model import Related, Tree
from widgetpack.native.facts import Fact
from widgetpack.native.sourcemap import find_origin
from widgetpack.rules import judge
from widgetpack.utf16 import before, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from widgetpack.model import Finding
    from widgetpack.native.facts import Build
    from widgetpack.widget import Widget

_SHOWN = 400
"""Characters of a source line that a report may show, as for any other file."""


class _Spot(NamedTuple):
    """A place in a source."""

    path: str
    line: int
    column: int
    text: str


def judge_sources(widget: Widget, made: Build) -> Iterator[Finding]:
    """Run the rules about sources; their findings are in the folder `Build.base`."""
    beside = widget._replace(tree=source_tree(made))
    for kind in get_args(Fact):
        yield from judge(beside, kind, made.facts_of(kind))


def source_tree(made: Build) -> Tree:
    """Return the sources that are no packages, in the folder that findings about them name."""
    return Tree(made.base, made.sources, {}, ())


def traced(findings: Iterable[Finding], made: Build) -> Iterator[Finding]:
    """Yield the findings, one in a bundled script at the place in the source that it comes from.

    What is about a script as a whole, or in a line that the bundler wrote, keeps its place.
    """
    for finding in findings:
        spot = _origin(finding.path, finding.line, finding.column, made)
        if spot is not None:
            path, line, column, text = spot
            shown = "" if finding.hidden else text
            moved = finding._replace(
                source=made.base, path=path, line=line, column=column, text=shown, script=finding.path
            )
        else:
            moved = finding
        yield moved._replace(related=tuple(_related(place, moved.source, made) for place in finding.related))


def _related(place: Related, source: str, made: Build) -> Related:
    """Return a related place as seen from the folder of its finding."""
    spot = _origin(place.path, place.line, place.column, made)
    folder, path = (made.tree.source, place.path) if spot is None else (made.base, spot.path)
    if folder != source:
        path = os.path.relpath(os.path.join(folder, path), source).replace(os.sep, "/")  # noqa: PTH118
    line, column = (place.line, place.column) if spot is None else (spot.line, spot.column)
    return Related(path, line, column, place.message)


def _origin(path: str, line: int, column: int, made: Build) -> _Spot | None:
    """Return where a place in a bundled script comes from; lines and columns count from 1, columns in characters."""
    if path not in made.maps or (line, column) == (1, 1):
        return None
    piece = find_origin(made.maps[path], line - 1, units(_line_of(made.tree.files[path], line)[: column - 1]))
    if piece is None or piece.source.startswith("<"):  # `<define:process.env>`: the bundler's own
        return None
    text = _line_of(made.sources.get(piece.source, b""), piece.line + 1)
    column = len(before(text, piece.at) if text else " " * piece.at)
    return _Spot(piece.source, piece.line + 1, column + 1, text if len(text) <= _SHOWN else "")


def _line_of(data: bytes, line: int) -> str:
    """Return a line without its end, counted from 1."""
    lines = data.split(b"\n", line)
    return lines[line - 1].decode("utf-8", "replace").removesuffix("\r") if len(lines) >= line else ""

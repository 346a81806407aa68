"""What is in the scripts, by bytes: as the metafile says, with what came in place of the marks."""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING

from widgetpack.model import Content
from widgetpack.native.css import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.native.assets import Filled
    from widgetpack.native.metafile import Metafile

Parts = dict[str, dict[str, int]]
"""File of the package -> input -> bytes."""


def count(parts: Parts, metafile: Metafile, code: tuple[str, Filled], css: tuple[str, Filled]) -> None:
    """Add to ``parts`` what the code of one script and its css are made of; each comes with the file that it goes into."""
    script = code[0]
    for (file, text), output in ((code, script), (css, f"{script.removesuffix('.js')}.css")):
        inside = parts.setdefault(file, {})
        # Two scripts that share css write it to `style.css` once.
        merge = max if file == STYLE else add
        for path, size in metafile.parts.get(output, {}).items():
            inside[path] = merge(inside.get(path, 0), size)
        for asset, by in text.added.items():
            for path in metafile.parts.get(asset, {}):
                inside[path] = merge(inside.get(path, 0), by)


def contents_of(parts: Parts, files: Mapping[str, bytes], cwd: str) -> Iterator[Content]:
    """Yield what each of the package's ``files`` was made of, by name; inputs are seen from the folder ``cwd``."""
    for file, inside in sorted(parts.items()):
        known = tuple((path, size) for path, size in inside.items() if size > 0)
        if file in files and known:
            yield Content(file, len(files[file]), known, cwd)

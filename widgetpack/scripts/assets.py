"""The templates and style sheets that scripts name, and whether they are there."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.code import texts
from widgetpack.scripts.javascript import Script, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

_ENDING: Final = rb"(?<=[\w@-])\.(?:twig|css)(?![\w-]|\.[a-z])"
_STEM: Final = rb"[\w@./-]+\Z"
_NAME_BYTES: Final = 200
_ELSEWHERE: Final = r"//|/tmpl/|/?(?:frontend|v\d|css_compiled)/"
"""Addresses, and the platform's own folders (its twigs lie in ``/tmpl/``)."""


class Asset(NamedTuple):
    """A file that a script names in a text."""

    name: str
    """As written, without a query: ``/templates/panel.twig``."""
    offset: int
    is_whole: bool
    """Whether nothing in the code is put before or into the name."""


@lru_cache(maxsize=256)
def assets(script: Script) -> tuple[Asset, ...]:
    """Return the twig and css files that the texts of a script name; nothing for a script without a tree."""
    if b".twig" not in script.data and b".css" not in script.data:
        return ()
    found = []
    for match, use in texts(script, re.compile(_ENDING)):
        stem = re.search(_STEM, script.data[max(0, match.start() - _NAME_BYTES) : match.start()])
        name = ((stem[0] if stem else b"") + match[0]).decode()
        start = match.end() - len(name)
        literal = next((n for n in (use.node, *reversed(use.holders)) if n.type in ("string", "template_string")), None)
        before = _before(literal, start, script.data) if literal is not None else ":"
        if literal is not None and not before.endswith(":") and not re.match(_ELSEWHERE, name):
            found.append(Asset(name, start, _is_whole(literal, name, start, script.data)))
    return tuple(found)


def _before(literal: Node, start: int, data: bytes) -> str:
    return data[literal.start_byte + 1 : start].decode("utf-8", "replace")


def _is_whole(literal: Node, name: str, start: int, data: bytes) -> bool:
    """Tell whether the last segment of the name is wholly in the literal: ``'/a.css'``, not ``name + '_a.css'``."""
    before = data[literal.start_byte + 1 : start]
    if "/" in name:
        return not before.endswith((b"}", b"%"))
    if before.strip():
        return before.endswith((b'"', b"'", b"(", b"=", b" ", b"\\"))
    above = literal.parent
    if above is None or above.type != "binary_expression":
        return literal.type == "string" or before == b""
    left = above.child_by_field_name("left")
    if left == literal:
        outer = above.parent
        return outer is None or outer.type != "binary_expression" or outer.child_by_field_name("left") == above
    return left is not None and text_of(left, data).rstrip("\"'`").endswith("/")


def is_there(asset: Asset, files: Iterable[str]) -> bool:
    """Tell whether some file of the package has the asset's name, in whatever folder: base paths are computed."""
    name = posixpath.basename(asset.name)
    return any(posixpath.basename(path) == name for path in files)


def names_style(data: bytes, path: str) -> bool:
    """Tell whether a text names the style sheet at ``path``, or puts names of style sheets together."""
    return posixpath.basename(path).encode() in data or re.search(rb"(?<![\w-])\.css\b", data) is not None


def unnamed_styles(files: Mapping[str, bytes]) -> list[str]:
    """Return the css files of the package that no script, template, page or other style sheet names."""
    readers = [(p, d) for p, d in files.items() if p.endswith((".js", ".twig", ".html", ".htm", ".css"))]
    return [
        path
        for path in files
        if path.lower().endswith(".css")
        and not any(other != path and names_style(data, path) for other, data in readers if not other.endswith(".css"))
        and not any(other != path and path.rpartition("/")[2].encode() in d for other, d in readers)
    ]

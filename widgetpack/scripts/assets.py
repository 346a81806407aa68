"""The templates and style sheets that scripts name, and whether they are there."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from widgetpack.scripts.code import is_searched, texts
from widgetpack.scripts.nodes import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from widgetpack.scripts.javascript import Script

_ENDING: Final = rb"(?<=[\w@-])\.(?:twig|css)(?![\w-]|\.[a-z])"
_STEM: Final = rb"[\w@./-]+\Z"
_PAGES: Final = (".twig", ".html", ".htm")
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
    """Tell whether the name is wholly in the code, and below the widget's own folder as far as that can be told.

    ``path + '/a.css'`` and ``href="templates/a.twig"`` are; ``name + '_a.css'``, ``host + '/a.css'`` and a sentence are not.
    """
    before, behind = data[literal.start_byte + 1 : start], data[start + len(name) : literal.end_byte]
    if re.match(_NAME_ENDS, behind) is None or is_searched(literal, data):
        return False
    if before.strip():
        return _follows(before, name)
    if before:
        return False
    above = literal.parent
    if above is None or above.type != "binary_expression":
        return not _is_attribute(above, data)
    left = above.child_by_field_name("left")
    if left == literal:
        outer = above.parent
        left = None if outer is None or outer.type != "binary_expression" else outer.child_by_field_name("left")
        return left is None or left == above
    return left is not None and _is_base(text_of(left, data), name)


def _is_attribute(above: Node | None, data: bytes) -> bool:
    """Tell whether a name is the value of an attribute that loads nothing: ``link.attr('download', 'export.css')``."""
    call = above.parent if above is not None and above.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    if above is None or function is None or text_of(function, data).rpartition(".")[2] not in _ATTRIBUTE_CALLS:
        return False
    return re.search(r"href|src", text_of(above.named_children[0], data)) is None


_ATTRIBUTE_CALLS: Final = ("attr", "prop", "setAttribute")
_NAME_ENDS: Final = rb"[?#\"'`)>$]|\\"
_ATTRIBUTE: Final = rb"(?:=\s*\\?[\"']?|url\(\s*\\?[\"']?)\Z"
_BASE: Final = r"(?i)(?:path|dir|folder)\W*\Z"


def _follows(before: bytes, name: str) -> bool:
    """Tell whether what stands before a name in its text is the start of an attribute, or a base of the widget's own."""
    if re.search(_ATTRIBUTE, before):
        return True
    base = re.search(rb"\$\{([^{}]*)\}\Z", before)
    return base is not None and _is_base(base[1].decode("utf-8", "replace"), name)


def _is_base(expression: str, name: str) -> bool:
    """Tell whether a sum's left side ends at the widget's folder: ``settings.path``, or a text with a slash at its end."""
    end = re.search(r"[\"'`]([^\"'`]*)[\"'`]\Z", expression)
    if end is None:
        return (name.startswith("/") or "/" in name) and re.search(_BASE, expression) is not None
    return (end[1].endswith("/") and "//" not in expression) or re.search(_ATTRIBUTE, end[1].encode()) is not None


def is_there(asset: Asset, files: Iterable[str]) -> bool:
    """Tell whether some file of the package has the asset's name, in whatever folder: base paths are computed."""
    name = posixpath.basename(asset.name)
    return any(posixpath.basename(path) == name for path in files)


def names_style(script: Script, path: str) -> bool:
    """Tell whether a text of a script names the style sheet at ``path``, or puts names of style sheets together.

    Of a script without a tree every mention counts, and a text that begins with ``.css``.
    """
    name = posixpath.basename(path).encode()
    if script.glanced:
        return name in script.data or re.search(rb"[\"'`}]\.css(?=[\"'`?])", script.data) is not None
    if name in script.data and any(True for _ in texts(script, re.compile(re.escape(name)))):
        return True
    return b".css" in script.data and any(True for _ in texts(script, re.compile(rb"(?<![\w-])\.css\b")))


def unnamed_styles(files: Mapping[str, bytes], scripts: Mapping[str, Script]) -> list[str]:
    """Return the css files of the package that no script, template, page or other style sheet names."""
    pages = [(p, d) for p, d in files.items() if p.lower().endswith((*_PAGES, ".css")) and b".css" in d.lower()]
    speaking = [
        script for script in scripts.values() if b".css" in script.data.lower()
    ]  # else each style asks each script
    if any(p.lower().endswith(_PAGES) and re.search(rb"(?<![\w-])\.css(?=[\"'?])", d) for p, d in pages):
        return []
    return [
        path
        for path in files
        if path.lower().endswith(".css")
        and not any(names_style(script, path) for script in speaking)
        and not any(other != path and path.rpartition("/")[2].encode() in data for other, data in pages)
    ]

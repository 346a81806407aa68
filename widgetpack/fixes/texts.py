"""Fixes of a text as such: marks, line ends, and what JSON does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from widgetpack.documents.schema_words import shown
from widgetpack.fixes.base import Edit, Repair, bytes_of, fix
from widgetpack.model import BOM, UNREADABLE
from widgetpack.platform import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.model import Problem
    from widgetpack.widget import Widget

_COMMENT = re.compile(rb"//[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_CRLF = re.compile(rb"\r+\n")
_NEWLINE = re.compile(rb"\r?\n|\Z")
_MARKS = re.compile(rb"(?:\xef\xbb\xbf)*")


@fix("J03")
def comment(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Remove a comment, with its line where it has one to itself."""
    path, offset = problem.place.path, problem.place.offset or 0
    found = _COMMENT.match(bytes_of(widget, path) or b"", offset)
    if found and _is_sure(widget, path):
        what = f"removed the comment {shown(found[0].decode())}"
        yield Edit(path, *_with_blanks(found.string, *found.span()), b"", what)


@fix("J04")
def trailing_comma(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Remove a comma before a closing bracket."""
    path, offset = problem.place.path, problem.place.offset or 0
    data = bytes_of(widget, path) or b""
    if data[offset : offset + 1] == b"," and _is_sure(widget, path):
        yield Edit(path, *_with_blanks(data, offset, offset + 1), b"", "removed a trailing comma")


@fix("J05")
def byte_order_mark(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Remove the mark, and every further one behind it."""
    data = bytes_of(widget, problem.place.path) or b""
    if _head(data):
        yield Edit(problem.place.path, 0, _head(data), b"", "removed the byte order mark")


@fix("A14")
def windows_text(widget: Widget, problem: Problem) -> Iterator[Repair]:
    """Write a text with LF and without a mark."""
    path = problem.place.path
    data = bytes_of(widget, path) or b""
    kept = data if path in _own(widget) else data[_head(data) :]
    mended = _CRLF.sub(b"\n", kept)
    what = ["removed the byte order mark"] * (len(kept) < len(data)) + ["CRLF line ends are now LF"] * (mended != kept)
    if what:
        yield Edit(path, 0, len(data), mended, " and ".join(what))


def windows_texts(widget: Widget) -> Iterator[str]:
    """Yield the texts of a folder that A14 would object to in the archive, scripts and other encodings left out."""
    own = _own(widget)
    for path, data in widget.tree.files.items():
        has_mark = data.startswith(BOM) and path not in own
        if (has_mark or b"\r\n" in data) and is_text(path) and not path.lower().endswith(".js") and _is_utf8(data):
            yield path


def _own(widget: Widget) -> set[str]:
    """Return the JSON texts that have a rule of their own for marks."""
    return {document.path for document in widget.documents}


def _head(data: bytes) -> int:
    """Return how many bytes the marks at the start take: an editor may have added one to another."""
    marks = _MARKS.match(data)
    return marks.end() if marks else 0


def _is_utf8(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _is_sure(widget: Widget, path: str) -> bool:
    """Tell whether the text is JSON but for what is removed: in any other, what is a comment is a guess."""
    document = next((document for document in widget.documents if document.path == path), None)
    return document is not None and not any(fault.kind in UNREADABLE for fault in document.faults)


def _with_blanks(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Extend a span that goes away to its whole line where nothing else is there, else to the blanks before it."""
    line = data.rfind(b"\n", 0, start) + 1 or _head(data)
    lead = line + len(data[line:start].rstrip(b" \t"))
    if lead > line:
        return lead, end
    behind = end
    while data[behind : behind + 1] in (b" ", b"\t"):
        behind += 1
    newline = _NEWLINE.match(data, behind)
    return (line, newline.end()) if newline else (start, behind)

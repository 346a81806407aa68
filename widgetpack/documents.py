"""JSON texts, read as tolerantly as possible, with every fault kept as a fact.

Comments and trailing commas are blanked out, character for character, and the rest is parsed: so that a manifest with a
comment still gets all its other findings in the same run.
"""

from __future__ import annotations

import json
import re
from typing import Any

from widgetpack.model import Document, Fault

MAX_BYTES = 5_000_000
"""Above this a JSON text is not parsed: real manifests are below 20 KB, real texts below 200 KB."""

MAX_DEPTH = 100
"""Levels of nesting; real texts have at most six, and every later walk may then be recursive."""

BOM = b"\xef\xbb\xbf"

_OTHER_BOMS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_TOKENS = re.compile(r'"(?:\\.|[^"\\])*"?|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMAS = re.compile(r'"(?:\\.|[^"\\])*"?|,(?=\s*[}\]])', re.DOTALL)
_WORDS = (
    # What the standard library says, and what we say; the first match wins.
    ("Expecting property name", "a key in double quotes is expected"),
    ("Illegal trailing comma", "a key in double quotes is expected"),
    ("Expecting value", "a value is expected"),
    ("Expecting ',' delimiter", "a `,` or the closing bracket is expected"),
    ("Expecting ':' delimiter", "a `:` is expected after the key"),
    ("Unterminated string", "the string that starts here does not end"),
    ("Invalid control character", "a line break or tab inside a string is written `\\n` or `\\t`"),
    ("Invalid \\", "not an escape that JSON knows (a back-slash itself is written `\\\\`)"),
    ("Extra data", "text after the end of the JSON"),
)


def load_document(path: str, data: bytes) -> Document:
    """Parse a JSON text.

    Never raises: what cannot be parsed has ``value`` None and a fault that says why, with its byte offset.
    """
    faults: list[Fault] = []
    text = _decode(data, faults)
    value = None if text is None else _parse(text, data, faults)
    return Document(path, data, value, tuple(faults))


def _decode(data: bytes, faults: list[Fault]) -> str | None:
    """Return the text without its byte order mark, or None with a fault."""
    if len(data) > MAX_BYTES:
        faults.append(Fault("too-large", f"{len(data):,} bytes; more than {MAX_BYTES:,} is not read"))
        return None
    for mark, name in _OTHER_BOMS:
        if data.startswith(mark):
            faults.append(Fault("encoding", f"{name}, not UTF-8"))
            return None
    if data.startswith(BOM):
        faults.append(Fault("bom", "starts with a byte order mark (BOM)"))
    body = data.removeprefix(BOM)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        offset = error.start + len(data) - len(body)
        faults.append(Fault("encoding", f"not UTF-8: byte 0x{data[offset]:02X} starts no character", offset))
        return None
    if not text.strip():
        faults.append(Fault("empty", "empty"))
        return None
    return text


def _parse(text: str, data: bytes, faults: list[Fault]) -> Any:
    """Parse ``text`` as it is, or once more with comments and trailing commas blanked out."""
    try:
        return _loads(text, data, faults)
    except json.JSONDecodeError:
        clean = _blank_extras(text, data, faults)
    except (RecursionError, MemoryError):
        faults.append(Fault("too-deep", "nested too deeply to be read"))
        return None
    try:
        return _loads(clean, data, faults)
    except json.JSONDecodeError as error:
        faults.append(_syntax_fault(error, text, data))
    except (RecursionError, MemoryError):
        faults.append(Fault("too-deep", "nested too deeply to be read"))
    return None


def _loads(text: str, data: bytes, faults: list[Fault]) -> Any:
    """Parse strict JSON; duplicate keys become faults."""
    duplicates = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal duplicates
        found = dict(pairs)
        duplicates = duplicates or len(found) < len(pairs)
        return found

    def constant(name: str) -> None:
        at = text.find(name)
        raise json.JSONDecodeError(f"{name} is not JSON", text, at)

    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=constant)
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # an integer of more than 4,300 digits
        raise json.JSONDecodeError("a number is too long", text, 0) from error
    if _depth(value) > MAX_DEPTH:
        raise RecursionError
    if duplicates:
        # Only now is a parser with positions worth its import.
        from widgetpack.places import duplicate_keys

        faults += [
            Fault("duplicate", f"key {json.dumps(key, ensure_ascii=False)} is set twice; only the last one counts", at)
            for key, at in duplicate_keys(data)
        ]
    return value


def _depth(value: Any) -> int:
    """Return how deep lists and objects are nested, level by level."""
    depth, level = 0, [value]
    while level:
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1
    return depth


def _blank_extras(text: str, data: bytes, faults: list[Fault]) -> str:
    """Replace comments and trailing commas by blanks, one fault each."""

    def comment(match: re.Match[str]) -> str:
        if match[0].startswith('"'):
            return match[0]
        faults.append(Fault("comment", "JSON has no comments", _byte_offset(text, match.start(), data)))
        return re.sub(r"[^\n]", " ", match[0])

    def comma(match: re.Match[str]) -> str:
        if match[0].startswith('"'):
            return match[0]
        faults.append(Fault("trailing-comma", "trailing comma", _byte_offset(text, match.start(), data)))
        return " "

    return _COMMAS.sub(comma, _TOKENS.sub(comment, text))


def _syntax_fault(error: json.JSONDecodeError, text: str, data: bytes) -> Fault:
    """Put the parser's complaint into the user's words."""
    message = next((ours for theirs, ours in _WORDS if error.msg.startswith(theirs)), error.msg)
    if text[error.pos : error.pos + 1] == "'":
        message = "strings and keys take double quotes"
    elif error.pos >= len(text.rstrip()):
        message = "the text ends too early: a bracket or quote is not closed"
    return Fault("syntax", message, _byte_offset(text, min(error.pos, len(text)), data))


def _byte_offset(text: str, index: int, data: bytes) -> int:
    """Turn an index of characters into an offset in the file's bytes."""
    mark = len(BOM) if data.startswith(BOM) else 0
    return mark + len(text[:index].encode("utf-8", "surrogatepass"))

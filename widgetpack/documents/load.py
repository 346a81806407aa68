"""JSON texts, read as tolerantly as possible, with every fault kept as a fact.

Comments and trailing commas are blanked out, character for character, and the rest is parsed: so that a manifest with a
comment still gets all its other findings in the same run.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from widgetpack.model import BOM, Document, Fault

MAX_BYTES = 5_000_000
"""Above this a JSON text is not parsed: real manifests are below 20 KB, real texts below 200 KB."""

MAX_DEPTH = 100
"""Levels of nesting; real texts have at most six, and every later walk may then be recursive."""

MAX_DIGITS = 4300
"""Digits of a whole number: Python's own limit, so that every Python says the same."""

MAX_FAULTS = 1000
"""More comments, commas and repeated keys of one text are not listed: it is no JSON then."""

_LONGEST_KEY = 60

_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_BRACKETS = re.compile(_STRING + rb"|//[^\r\n]*+|/\*.*?(?:\*/|\Z)|[\[\]{}]", re.DOTALL)
_COMMENTS = re.compile(_STRING + rb"|//[^\r\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMAS = re.compile(_STRING + rb"|[\[{,:][ \t\r\n]*+,|,(?=[ \t\r\n]*+[}\]])", re.DOTALL)
_NUMBERS = re.compile(_STRING + rb"|-?(?:[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|Infinity)|NaN", re.DOTALL)
_WORDS = (
    # What the standard library says, and what we say; the first match wins.
    ("Expecting property name", "a key in double quotes is expected"),
    ("Illegal trailing comma", "a key in double quotes is expected"),
    ("Expecting value", "a value is expected"),
    ("Expecting ',' delimiter", "a `,` or the closing bracket is expected"),
    ("Expecting ':' delimiter", "a `:` is expected after the key"),
    ("Unterminated string", "the string that starts here does not end"),
    ("Invalid \\", "not an escape that JSON knows (a back-slash itself is written `\\\\`)"),
    ("Extra data", "text after the end of the JSON"),
    ("Unexpected UTF-8 BOM", "a second byte order mark"),
)
_CONTROLS = {
    "\n": "the string does not end on its line (a line break inside one is written `\\n`)",
    "\r": "the string does not end on its line (a line break inside one is written `\\n`)",
    "\t": "a tab inside a string is written `\\t`",
}


def load_document(path: str, data: bytes) -> Document:
    """Parse a JSON text.

    Never raises: what cannot be parsed has ``value`` None and a fault that says why, with its byte offset.
    """
    faults: list[Fault] = []
    body = _checked(data, faults)
    value = None if body is None else _parse(body, len(data) - len(body), faults)
    return Document(path, data, value, tuple(faults))


def _checked(data: bytes, faults: list[Fault]) -> bytes | None:
    """Return the text without its byte order mark, sure to be UTF-8, or None with a fault."""
    body = data.removeprefix(BOM)
    if len(data) > MAX_BYTES:
        faults.append(Fault("too-large", f"{len(data):,} bytes; more than {MAX_BYTES:,} is not read"))
    elif encoding := _other_encoding(data[:4]):
        faults.append(Fault("encoding", f"{encoding}, not UTF-8"))
    elif not body.strip(b" \t\r\n\0"):
        faults.append(Fault("empty", "nothing but NUL bytes" if b"\0" in body else "empty"))
    else:
        try:
            body.decode()
        except UnicodeDecodeError as error:
            offset = error.start + len(data) - len(body)
            faults.append(Fault("encoding", f"not UTF-8: byte 0x{data[offset]:02X} starts no character", offset))
    if faults:
        return None
    if len(body) < len(data):
        faults.append(Fault("bom", "starts with a byte order mark (BOM)"))
    return body


def _other_encoding(head: bytes) -> str:
    """Name the encoding that the first four bytes tell of: a mark, or the NULs around two ASCII characters."""
    if head in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "UTF-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    nulls = tuple(byte == 0 for byte in head)
    if nulls in ((True, True, True, False), (False, True, True, True)):
        return "UTF-32"
    return "UTF-16" if nulls in ((True, False, True, False), (False, True, False, True)) else ""


def _parse(body: bytes, mark: int, faults: list[Fault]) -> Any:
    """Parse the text as it is, or once more with comments and trailing commas blanked out; ``mark`` bytes precede it."""
    deep = _deep_at(body)
    if deep is not None:
        faults.append(Fault("too-deep", f"nested more than {MAX_DEPTH} levels deep", mark + deep))
        return None
    try:
        return _loads(body, mark, faults)
    except json.JSONDecodeError:
        clean, extras = _blank_extras(body, mark)
    try:
        value = _loads(clean, mark, extras)
    except json.JSONDecodeError as error:
        # Past the place where the text breaks, what is a comment and what a string is anybody's guess.
        known = mark + len(error.doc[: error.pos].encode())
        faults += [extra for extra in extras if (extra.offset or 0) < known]
        faults.append(_syntax_fault(error, mark))
        return None
    faults += extras
    return value


def _loads(body: bytes, mark: int, faults: list[Fault]) -> Any:
    """Parse strict JSON; duplicate keys become faults."""
    text = body.decode()
    duplicates = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal duplicates
        found = dict(pairs)
        duplicates = duplicates or len(found) < len(pairs)
        return found

    def whole(digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            raise _number_fault("a number of more than 4,300 digits", digits, body, text)
        return int(digits)

    def broken(digits: str) -> float:
        number = float(digits)
        if math.isinf(number):
            raise _number_fault("a number larger than programs can hold", digits, body, text)
        return number

    def constant(name: str) -> None:
        raise _number_fault(name + " is not JSON", name, body, text)

    value = json.loads(text, object_pairs_hook=members, parse_int=whole, parse_float=broken, parse_constant=constant)
    if duplicates:
        # Only now is a parser with positions worth its import.
        from widgetpack.documents.places import duplicate_keys

        faults += [
            Fault("duplicate", f"key {_quoted(key)} is set twice; only the last one counts", mark + at)
            for key, at in duplicate_keys(body)[:MAX_FAULTS]
        ]
    return value


def _number_fault(message: str, literal: str, body: bytes, text: str) -> json.JSONDecodeError:
    """Find a number that the parser has just met: it does not say where."""
    wanted = literal.encode()
    at = next(match.start() for match in _NUMBERS.finditer(body) if match[0] == wanted)
    return json.JSONDecodeError(message, text, len(body[:at].decode()))


def _quoted(key: str) -> str:
    """Return a key as JSON, a long one cut: whatever it holds, a message stays one short line."""
    shown = key if len(key) <= _LONGEST_KEY else key[:_LONGEST_KEY] + "..."
    return json.dumps(shown, ensure_ascii=not shown.isprintable())


def _deep_at(body: bytes) -> int | None:
    """Return the offset of the first bracket that is nested too deeply.

    Asked before parsing: the depth at which the standard library gives up differs between Python's versions.
    """
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return None
    depth = 0
    for match in _BRACKETS.finditer(body):
        token = match[0]
        if token in (b"[", b"{"):
            depth += 1
            if depth > MAX_DEPTH:
                return match.start()
        elif token in (b"]", b"}"):
            depth -= 1
    return None


def _blank_extras(body: bytes, mark: int) -> tuple[bytes, list[Fault]]:
    """Replace comments and trailing commas by blanks, byte for byte, so that every place stays; one fault each."""
    faults: list[Fault] = []

    def comment(match: re.Match[bytes]) -> bytes:
        if match[0].startswith(b'"'):
            return match[0]
        faults.append(Fault("comment", "JSON has no comments", mark + match.start()))
        return re.sub(rb"[^\r\n]", b" ", match[0])

    def comma(match: re.Match[bytes]) -> bytes:
        if match[0] != b",":
            return match[0]
        faults.append(Fault("trailing-comma", "trailing comma", mark + match.start()))
        return b" "

    clean = _COMMAS.sub(comma, _COMMENTS.sub(comment, body))
    faults.sort(key=lambda fault: fault.offset or 0)
    return clean, faults[:MAX_FAULTS]


def _syntax_fault(error: json.JSONDecodeError, mark: int) -> Fault:
    """Put the parser's complaint into the user's words."""
    text, end = error.doc, len(error.doc.rstrip(" \t\r\n"))
    letter = text[error.pos : error.pos + 1]
    message = next((ours for theirs, ours in _WORDS if error.msg.startswith(theirs)), error.msg)
    if error.msg.startswith("Invalid control character"):
        code = f"the control character U+{ord(letter):04X} inside a string is written `\\u{ord(letter):04x}`"
        message = _CONTROLS.get(letter, code)
    elif letter == "'":
        message = "strings and keys take double quotes"
    elif error.pos >= end:
        message = "the text ends too early: a bracket or quote is not closed"
    return Fault("syntax", message, mark + len(text[: min(error.pos, end)].encode()))

"""What each keyword of JSON Schema finds wrong, in the user's words: what is, then what should be.

No text of a library reaches a user, and no value is ever printed whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sized
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from widgetpack.model import Pointer

Json = Any
"""A parsed JSON value, or what TOML gives in its place."""

_LONGEST_VALUE = 60
"""Characters of a value in a message."""

_LONGEST_LIST = 12
"""Permitted values that are still listed in a message."""

_SHORT = 5
"""Below this many characters two of three equal letters are chance."""

_KINDS: Mapping[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
}
_WANTED: Mapping[str, str] = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "boolean": "a boolean",
    "integer": "a number",
}


class Complaint(NamedTuple):
    """What one keyword objects to: where, seen from the value that it judges, and in which words."""

    below: Pointer
    message: str


Judge = Callable[[Json, Json, Mapping[str, Json]], Iterator[Complaint]]
"""From the keyword's value, the judged value and the schema around the keyword to complaints."""


def _type(expected: Json, value: Json, schema: Mapping[str, Json]) -> Iterator[Complaint]:
    wanted = [expected] if isinstance(expected, str) else expected
    kind = _KINDS.get(type(value), "nothing" if value is None else "a date")  # a date: only TOML has them
    whole = kind == "a number" and (isinstance(value, int) or value.is_integer())
    if any(_WANTED[name] == kind and (name != "integer" or whole) for name in wanted):
        return
    words = ["a whole number" if kind == _WANTED[name] else _WANTED[name] for name in wanted]
    has = f"{shown(value)}, {kind}" if value is not None else "null"
    yield Complaint((), _own_words(value, schema) or f"{has}, not {_either(words)}")


def _const(expected: Json, value: Json, schema: Mapping[str, Json]) -> Iterator[Complaint]:
    if not _same(expected, value):
        yield Complaint((), _own_words(value, schema) or f"{shown(value)}, not {shown(expected)}")


def _enum(expected: list[str], value: Json, schema: Mapping[str, Json]) -> Iterator[Complaint]:
    if any(_same(option, value) for option in expected):
        return
    message = _own_words(value, schema) or f"{shown(value)} is not known here"
    meant = _nearest(value, expected)
    if len(expected) <= _LONGEST_LIST:
        message += f": {_either(expected)}"
        yield Complaint((), f'{message}; did you mean "{meant}"?' if meant else message)
    else:
        yield Complaint((), f'{message}, did you mean "{meant}"?' if meant else message)


def _pattern(expected: str, value: Json, schema: Mapping[str, Json]) -> Iterator[Complaint]:
    # ECMA-262's `$` ends the string; Python's also stands before a last line break.
    if isinstance(value, str) and not re.search(re.sub(r"\$\Z", r"\\Z", expected), value):
        yield Complaint((), _own_words(value, schema) or f"{shown(value)} does not have the form {expected}")


def _unique_items(_: bool, value: Json, __: Mapping[str, Json]) -> Iterator[Complaint]:  # noqa: FBT001
    seen = set()
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, (dict, list)):
            continue  # the type of the item is wrong already
        mark = (isinstance(item, bool), item)
        if mark in seen:
            yield Complaint((index,), f"{shown(item)} is listed twice")
        seen.add(mark)


def _required(expected: list[str], value: Json, _: Mapping[str, Json]) -> Iterator[Complaint]:
    if isinstance(value, dict):
        for key in expected:
            if key not in value:
                yield Complaint((), f'required key "{key}" is missing')


def unknown_keys(_: bool, value: Json, schema: Mapping[str, Json]) -> Iterator[Complaint]:  # noqa: FBT001
    """Judge ``additionalProperties: false``; the keyword is no entry of `JUDGES`, for it may also lead to a schema."""
    if isinstance(value, dict):
        known = schema["properties"]
        free = [key for key in known if key not in value and key != "$schema"]
        for key in value:
            if key not in known:
                meant = _nearest(key, free)
                question = f', did you mean "{meant}"?' if meant else ""
                yield Complaint((key,), f"unknown key {shown(key)}{question}")


def _least(kind: type[Sized], unit: str) -> Judge:
    def judge(expected: int, value: Json, _: Mapping[str, Json]) -> Iterator[Complaint]:
        if isinstance(value, kind) and len(value) < expected:
            yield Complaint((), f"{_counted(value, unit)}, not at least {expected:,}")

    return judge


def _most(kind: type[Sized], unit: str) -> Judge:
    def judge(expected: int, value: Json, _: Mapping[str, Json]) -> Iterator[Complaint]:
        if isinstance(value, kind) and len(value) > expected:
            yield Complaint((), f"{_counted(value, unit)}, not at most {expected:,}")

    return judge


JUDGES: Mapping[str, Judge] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "uniqueItems": _unique_items,
    "required": _required,
    "minLength": _least(str, "character"),
    "maxLength": _most(str, "character"),
    "minItems": _least(list, "item"),
    "maxItems": _most(list, "item"),
    "minProperties": _least(dict, "key"),
}
"""Keyword -> its judge. A keyword that a schema uses must be here, or only lead to others."""


def shown(value: Json) -> str:
    """Return a value as JSON for a message: at most 60 characters, nothing that a terminal would obey."""
    head = value[: _LONGEST_VALUE + 1] if isinstance(value, str) else value
    try:
        text = json.dumps(head, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):  # deeper than the stack; an integer of more than 4,300 digits
        text = "..."
    safe = "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text[: _LONGEST_VALUE + 1])
    if len(safe) <= _LONGEST_VALUE:
        return safe
    end = '..."' if isinstance(value, str) else "..."
    return safe[: _LONGEST_VALUE - len(end)] + end


def _own_words(value: Json, schema: Mapping[str, Json]) -> str:
    """Return the message that the schema itself gives for a faulty value, or nothing."""
    return f"{shown(value)} {schema['x-message']}" if "x-message" in schema else ""


def _counted(value: Json, unit: str) -> str:
    count = f"{len(value):,} {unit}{'' if len(value) == 1 else 's'}"
    return f"{shown(value)}, {count}" if isinstance(value, str) else count


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _same(expected: Json, value: Json) -> bool:
    """Compare as JSON does: 2 equals 2.0, and true is not 1."""
    return isinstance(expected, bool) == isinstance(value, bool) and bool(expected == value)


def _nearest(word: Json, known: list[str]) -> str:
    """Return the known word that a user most likely meant, or nothing."""
    from difflib import get_close_matches

    if not isinstance(word, str) or len(word) > _LONGEST_VALUE:
        return ""
    lowered = {name.lower(): name for name in known}
    cutoff = 0.75 if len(word) < _SHORT else 0.6  # by 0.6 alone "css" would mean "sms"
    close = get_close_matches(word.lower(), lowered, n=1, cutoff=cutoff)
    return lowered[close[0]] if close else ""

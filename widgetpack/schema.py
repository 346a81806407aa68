"""The shape of a document: JSON Schema judges, and a table of our own puts each fault into the user's words.

jsonschema walks the schema; what a keyword finds wrong is said here, so that no text of the library reaches a user and
no value is ever printed whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sized
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from widgetpack.model import Document, Pointer, ShapeFault

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

Json = Any
"""A parsed JSON value, or what TOML gives in its place."""

SchemaName = Literal["manifest", "integration", "config"]

MOST_FAULTS = 1000
"""More faults of one document are not listed: a file of that kind is no manifest."""

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


def schema_text(name: SchemaName) -> str:
    """Return the text of a schema as it ships; encoded as UTF-8 it equals the file, byte for byte."""
    here = Path(__file__).parent
    file = f"{name}.schema.json"
    shipped = here / "schemas" / file  # the wheel; in a checkout the folder lies beside the package
    return (shipped if shipped.is_file() else here.parent / "schemas" / file).read_bytes().decode()


@cache
def read_schema(name: SchemaName) -> dict[str, Any]:
    """Return a parsed schema, read once per process: do not change it."""
    schema: dict[str, Any] = json.loads(schema_text(name))
    return schema


def shape_faults(document: Document, name: SchemaName) -> tuple[ShapeFault, ...]:
    """Compare a parsed document with a schema, whatever value it holds.

    The faults come in the order of the text. Of a value with the wrong type nothing else is said. Unknown keys belong
    to no rule, whatever ``x-rule`` stands around them. A document that could not be parsed has no shape, so no faults.
    Never raises because of the value.
    """
    if not document.readable:
        return ()  # None stands for no value here, not for null
    faults: list[ShapeFault] = []
    for error in islice(_validator(name).iter_errors(document.value), MOST_FAULTS):
        keyword = str(error.validator)
        rule = "" if keyword == "additionalProperties" else error.schema.get("x-rule", "")  # type: ignore[union-attr]
        on_key = keyword in {"additionalProperties", "propertyNames"}
        faults.append(ShapeFault(document, tuple(error.absolute_path), keyword, error.message, rule, on_key))
    mistyped = {fault.pointer for fault in faults if fault.keyword == "type"}
    kept = [fault for fault in faults if fault.keyword == "type" or fault.on_key or fault.pointer not in mistyped]
    position = _positions(document.value)
    kept.sort(key=lambda fault: position(fault.pointer))
    if len(faults) == MOST_FAULTS:
        kept.append(ShapeFault(document, (), "", f"{MOST_FAULTS:,} faults of shape are listed, there may be more"))
    return tuple(kept)


def _positions(value: Json) -> Callable[[Pointer], tuple[int, ...]]:
    """Return a sort key that puts pointers into the order in which their values stand in the text."""
    orders: dict[int, dict[str, int]] = {}

    def position(pointer: Pointer) -> tuple[int, ...]:
        steps, here = [], value
        for step in pointer:
            if isinstance(step, str):
                if id(here) not in orders:
                    orders[id(here)] = {key: index for index, key in enumerate(here)}
                steps.append(orders[id(here)][step])
            else:
                steps.append(step)
            here = here[step]
        return tuple(steps)

    return position


@cache
def _validator(name: SchemaName) -> Validator:
    """Build the validator of a schema; the import of jsonschema is half of a short run, so it happens here."""
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    stock = Draft202012Validator.VALIDATORS

    def spoken(judge: Judge) -> Callable[..., Iterator[ValidationError]]:
        def keyword(_: Validator, expected: Json, value: Json, schema: Mapping[str, Json]) -> Iterator[ValidationError]:
            for below, message in judge(expected, value, schema):
                yield ValidationError(message, path=below)

        return keyword

    def further(
        validator: Validator, allowed: Json, value: Json, schema: Mapping[str, Json]
    ) -> Iterator[ValidationError]:
        judge = unknown_keys if allowed is False else stock["additionalProperties"]
        yield from judge(validator, allowed, value, schema)

    def names(validator: Json, allowed: Json, value: Json, _: Mapping[str, Json]) -> Iterator[ValidationError]:
        for key in value if isinstance(value, dict) else ():
            for error in validator.descend(instance=key, schema=allowed):
                yield ValidationError(error.message, path=(key,))

    unknown_keys = spoken(_unknown_keys)
    words = {keyword: spoken(judge) for keyword, judge in JUDGES.items()}
    words |= {"additionalProperties": further, "propertyNames": names}
    dialect: type[Validator] = extend(Draft202012Validator, words)  # type: ignore[no-untyped-call]
    registry: Registry[Any] = Registry()
    if name == "config":
        # Without its `$schema`: that would lead jsonschema back from our dialect to its own.
        form = {keyword: held for keyword, held in read_schema("integration").items() if keyword != "$schema"}
        registry = registry.with_resource("integration.schema.json", DRAFT202012.create_resource(form))
    return dialect(read_schema(name), registry=registry)  # an own registry also means: no schema from the network


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


def _unknown_keys(_: bool, value: Json, schema: Mapping[str, Json]) -> Iterator[Complaint]:  # noqa: FBT001
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

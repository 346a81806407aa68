"""The shape of a document: JSON Schema judges, and a table of our own puts each fault into the user's words.

jsonschema walks the schema; what a keyword finds wrong is said here, so that no text of the library reaches a user and
no value is ever printed whole.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from widgetpack.documents.schema_words import JUDGES, Json, Judge, unknown_keys
from widgetpack.model import Document, Pointer, ShapeFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jsonschema.protocols import Validator

SchemaName = Literal["manifest", "integration", "config", "preview"]
"""Schemas that documents of a user are judged by."""
ShippedName = Literal["manifest", "integration", "config", "report", "preview"]

MOST_FAULTS = 1000
"""More faults of one document are not listed: a file of that kind is no manifest."""

_LEADING = frozenset({"$ref", "allOf", "properties", "additionalProperties", "propertyNames", "items"})
_SILENT = frozenset({"$schema", "$id", "$comment", "$defs", "title", "description", "format", "x-rule", "x-message"})


def schema_text(name: ShippedName) -> str:
    """Return the text of a schema as it ships; encoded as UTF-8 it equals the file, byte for byte."""
    here = Path(__file__).parent.parent
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
    if _fits(read_schema(name), document.value, read_schema(name)):
        return ()
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


def _fits(schema: Json, value: Json, root: Mapping[str, Json]) -> bool:
    """Tell whether a value plainly fits; where this walk is not sure, jsonschema is asked.

    Importing jsonschema is a third of a short run, and most runs are over widgets without a fault of shape. The walk
    knows only what our schemas use: any other keyword, and any reference to another file, means "not sure".
    """
    for keyword, expected in schema.items():
        if keyword in JUDGES:
            fits = next(JUDGES[keyword](expected, value, schema), None) is None
        elif keyword in _LEADING:
            fits = all(_fits(below, part, root) for below, part in _below(keyword, expected, value, schema, root))
        else:
            fits = keyword in _SILENT
        if not fits:
            return False
    return True


def _below(
    keyword: str, expected: Json, value: Json, schema: Mapping[str, Json], root: Mapping[str, Json]
) -> Iterator[tuple[Json, Json]]:
    """Yield the subschemas that a keyword leads to, each with the part of the value it is for."""
    members = value if isinstance(value, dict) else {}
    if keyword == "$ref":
        prefix, _, name = expected.rpartition("/")
        yield (root["$defs"][name] if prefix == "#/$defs" else _UNSURE), value
    elif keyword == "allOf":
        yield from ((one, value) for one in expected)
    elif keyword == "items":
        yield from ((expected, item) for item in (value if isinstance(value, list) else ()))
    elif keyword == "properties":
        yield from ((expected[key], members[key]) for key in expected if key in members)
    elif keyword == "propertyNames":
        yield from ((expected, key) for key in members)
    else:
        other = _UNSURE if expected is False else expected
        yield from ((other, members[key]) for key in members if key not in schema.get("properties", {}))


_UNSURE = {"not sure": True}
"""A schema that `_fits` does not know, and so leaves to jsonschema."""


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
        judge = unknown if allowed is False else stock["additionalProperties"]
        yield from judge(validator, allowed, value, schema)

    def names(validator: Json, allowed: Json, value: Json, _: Mapping[str, Json]) -> Iterator[ValidationError]:
        for key in value if isinstance(value, dict) else ():
            for error in validator.descend(instance=key, schema=allowed):
                yield ValidationError(error.message, path=(key,))

    unknown = spoken(unknown_keys)
    words = {keyword: spoken(judge) for keyword, judge in JUDGES.items()}
    words |= {"additionalProperties": further, "propertyNames": names}
    dialect: type[Validator] = extend(Draft202012Validator, words)  # type: ignore[no-untyped-call]
    registry: Registry[Any] = Registry()
    if name == "config":
        # Without its `$schema`: that would lead jsonschema back from our dialect to its own.
        form = {keyword: held for keyword, held in read_schema("integration").items() if keyword != "$schema"}
        registry = registry.with_resource("integration.schema.json", DRAFT202012.create_resource(form))
    return dialect(read_schema(name), registry=registry)  # an own registry also means: no schema from the network

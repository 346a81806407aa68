"""What esbuild's metafile says: the outputs, the modules that stay outside, the files that were read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_IN_CSS = ("url-token", "import-rule")


class Import(NamedTuple):
    """An import of a module that stays outside."""

    name: str
    path: str
    """The file that it stands in, relative to the folder that esbuild ran in."""
    kind: str
    """esbuild's word: ``import-statement``, ``require-call``, ``dynamic-import``."""


class Metafile(NamedTuple):
    """What one run of esbuild did."""

    externals: Mapping[str, tuple[str, ...]]
    """Output (``script.js``) -> what it asks ``require`` for, in the order of the text, each once."""
    inputs: tuple[str, ...]
    """Every file that was read, also one of which nothing is left."""
    imports: tuple[Import, ...]
    parts: Mapping[str, Mapping[str, int]] = {}
    """Output (``script.js``, ``script.css``, ``4XQ7WRVN.png``) -> input -> bytes of it in that output, where there are any."""
    entries: Mapping[str, str] = {}
    """Output -> the input that it was asked for."""
    plain: tuple[str, ...] = ()
    """Scripts among the inputs that are no modules: they neither import nor export anything."""


def load_metafile(data: bytes, out: str, cwd: str) -> Metafile:
    """Read a metafile of a run in ``cwd`` that wrote to ``out`` (both absolute); raises ValueError for what is none."""
    try:
        value = json.loads(data)
        outputs = {
            os.path.relpath(os.path.join(cwd, path), out).replace(os.sep, "/"): item  # noqa: PTH118
            for path, item in value["outputs"].items()
        }
        externals = {name: _externals(item) for name, item in outputs.items()}
        parts = {name: _parts(item) for name, item in outputs.items()}
        inputs = tuple(path for path in value["inputs"] if not path.startswith("<"))
        imports = tuple(_imports(value["inputs"]))
        entries = {name: str(item["entryPoint"]) for name, item in outputs.items() if "entryPoint" in item}
        plain = tuple(
            path for path in inputs if path.endswith((".js", ".cjs")) and "format" not in value["inputs"][path]
        )
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        message = "the metafile has another form"
        raise ValueError(message) from error
    return Metafile(externals, inputs, imports, parts, entries, plain)


def _externals(output: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found["path"] for found in output["imports"] if _is_outside(found)))


def _parts(output: dict[str, Any]) -> dict[str, int]:
    found = {path: int(item["bytesInOutput"]) for path, item in output["inputs"].items()}
    return {path: size for path, size in found.items() if size > 0 and not path.startswith("<")}


def _imports(inputs: dict[str, Any]) -> Iterator[Import]:
    for path, item in inputs.items():
        yield from (Import(f["path"], path, f["kind"]) for f in item["imports"] if _is_outside(f))


def _is_outside(found: dict[str, Any]) -> bool:
    """Tell whether a module stays outside; ``<define:process.env>`` and the like are esbuild's own, css asks for addresses."""
    return bool(found.get("external")) and not found["path"].startswith("<") and found["kind"] not in _IN_CSS

"""The config file: where it lies, what it holds, and the place of a fault in it."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from widgetpack.errors import ConfigError, UsageError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.model import Pointer, ShapeFault

FILE_NAME = "widgetpack.toml"
PROJECT_FILE = "pyproject.toml"

_TOML_FAULT = re.compile(
    r"(?P<words>.+?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)


def read_table(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Read and check the config file ``path``; return its bytes and the table that is ours.

    Raises `ConfigError` with the file, the line and the cure.
    """
    data = _read(path)
    table = load_table(path, data)
    _check(path, data, table)
    return data, table


def load_table(path: Path, data: bytes) -> Any:
    """Return the table that is ours in the bytes of the config file ``path``, not checked."""
    return _own_table(path, _load_toml(path, data))


def config_fault(path: Path, data: bytes, pointer: Pointer, words: str) -> ConfigError:
    """Return the error for a fault at ``pointer`` of our table in the file ``path``, which holds ``data``."""
    line, column = config_place(path, data, pointer)
    return ConfigError(f"{path}:{line}:{column}: {words}", "`widgetpack schema config` prints every key")


def config_place(path: Path, data: bytes, pointer: Pointer) -> tuple[int, int]:
    """Return line and column of a key of our table, or of its nearest parent."""
    from widgetpack.documents.places import pointer_offset, spot

    line, column, _ = spot(data, pointer_offset("config.toml", data, within(path, pointer)))
    return line, column


def within(path: Path, pointer: Pointer) -> Pointer:
    """Return the pointer in the whole file of what lies at ``pointer`` in our table."""
    return ("tool", "widgetpack", *pointer) if path.name == PROJECT_FILE else pointer


def find_file(base: Path) -> Path | None:
    """Return the nearest config file from ``base`` up to the root of its repository."""
    start = folder = Path(os.path.abspath(base))  # noqa: PTH100  # absolute() keeps `..`, and then parent goes down again
    while True:
        # os.path's questions have an answer also for what may not be looked at.
        for name in (FILE_NAME, PROJECT_FILE):
            path = folder / name
            if _may_be_ours(path):
                return base / name if folder == start else path  # short, as the user wrote it
        if os.path.exists(folder / ".git") or folder == folder.parent:  # noqa: PTH110
            return None
        folder = folder.parent


def _may_be_ours(path: Path) -> bool:
    """Tell whether the search ends here; a folder with our file's name is somebody's mistake, and reading it says so."""
    if path.name == FILE_NAME:
        return os.path.isfile(path) or os.path.isdir(path)  # noqa: PTH112, PTH113
    return os.path.isfile(path) and _is_ours(path)  # noqa: PTH113


def _is_ours(project: Path) -> bool:
    """Tell whether a ``pyproject.toml`` speaks of widgetpack's settings, and not only of widgetpack."""
    data = _read(project)
    if b"widgetpack" not in data:
        return False
    tool = _load_toml(project, data).get("tool")
    return isinstance(tool, dict) and "widgetpack" in tool


def _own_table(path: Path, table: dict[str, Any]) -> Any:
    """Return the part of a file that is ours."""
    if path.name != PROJECT_FILE:
        return table
    tool = table.get("tool")
    return tool.get("widgetpack", {}) if isinstance(tool, dict) else {}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read: {reason_of(error)}"
        raise ConfigError(message, "name a config file that can be read with --config") from None


def _load_toml(path: Path, data: bytes) -> dict[str, Any]:
    # Imported here, as everything for the places of faults: a widget without a config file pays for none of it.
    from widgetpack.documents.places import spot

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        offset = error.start + (len(data) - len(error.object))  # utf-8-sig counts behind the mark
        line, column, _ = spot(data, offset)
        message = f"{path}:{line}:{column}: not UTF-8: byte 0x{data[offset]:02X} starts no character"
        raise ConfigError(message, "save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:  # ValueError alone: a number of more than 4,300 digits
        place, reason = _toml_fault(data, error)
        message = f"{path}:{place}: not TOML: {reason}"
        raise ConfigError(message, "TOML is described at toml.io") from None


def _toml_fault(data: bytes, error: Exception) -> tuple[str, str]:
    """Split the parser's complaint into ``line:column`` and words."""
    if isinstance(error, RecursionError):
        return "1:1", "nested too deeply"
    match = _TOML_FAULT.fullmatch(str(error))
    if match is None:
        return "1:1", "a number is too long"
    words = match["words"][0].lower() + match["words"][1:]
    if match["line"]:
        return f"{match['line']}:{match['column']}", words
    end = len(data.rstrip())
    line = data.count(b"\n", 0, end) + 1
    column = len(data[data.rfind(b"\n", 0, end) + 1 : end].decode("utf-8-sig")) + 1
    return f"{line}:{column}", words


def _check(path: Path, data: bytes, table: Any) -> None:
    """Judge the table by ``schemas/config.schema.json``; the first fault stops the run."""
    from widgetpack.documents.schema import shape_faults
    from widgetpack.model import Document

    faults = [
        (fault.pointer, _words(path, fault))
        for fault in shape_faults(Document(path.name, data, table), "config")
        # The form's own faults are findings, not a broken config.
        if fault.pointer[:1] != ("integration",) or (fault.pointer == ("integration",) and fault.keyword == "type")
    ]
    if not faults:
        faults.extend(_beyond_shape(table, path.parent))
    for pointer, fault in faults[:1]:
        raise config_fault(path, data, pointer, fault)


def _words(path: Path, fault: ShapeFault) -> str:
    """Return a fault in the words of TOML, where an object is a table."""
    if fault.keyword == "propertyNames":  # of our schema: a rule's word, a pattern
        return f"`{'.'.join(map(str, fault.pointer[:-1]))}`: an empty key names nothing"
    if fault.on_key:
        return fault.message
    message = fault.message
    if fault.keyword == "type":
        value, comma, wanted = message.rpartition(", not ")  # the user's own text stands before both kinds
        head = value.removesuffix(" an object") + " a table" if value.endswith(", an object") else value
        message = head + comma + wanted.replace("an object", "a table")
    return f"`{'.'.join(map(str, fault.pointer or within(path, ())))}`: {message}"


def _beyond_shape(table: Any, folder: Path) -> Iterator[tuple[Pointer, str]]:
    """Yield what a schema cannot say: a NUL ends a path for some systems, and some patterns can never match."""
    yield from _path_faults(table)
    for key in ("include", "exclude"):
        for index, pattern in enumerate(table.get(key, ())):
            if pattern.startswith("../"):
                yield (key, index), f"`{key}.{index}`: leads out of the widget; patterns start at its root"
            elif key == "include" and pattern.startswith("!"):
                yield (key, index), f"`{key}.{index}`: `!` brings nothing in; name the file itself, or use `exclude`"
    yield from _output_faults(table, folder)
    yield from _script_faults(table)
    yield from _serve_faults(table)
    for pattern in table.get("per-file-ignores", {}):
        if pattern.startswith("../"):
            yield ("per-file-ignores", pattern), f'"{pattern}" leads out of the widget; patterns start at its root'
        elif pattern.startswith("!"):
            yield ("per-file-ignores", pattern), f'"{pattern}": `!` names no file; name the files themselves'


def _script_faults(table: Any) -> Iterator[tuple[Pointer, str]]:
    if "script" in table:
        # Imported here: few configs have that table.
        from widgetpack.config.script_faults import script_faults

        yield from script_faults(table["script"])


def _serve_faults(table: Any) -> Iterator[tuple[Pointer, str]]:
    if "serve" in table:
        from widgetpack.config.serve import serve_faults

        yield from serve_faults(table["serve"])


def _path_faults(table: Any) -> Iterator[tuple[Pointer, str]]:
    paths: dict[Pointer, str] = {(key,): table.get(key, "") for key in ("root", "output", "baseline")}
    paths["script", "esbuild"] = table.get("script", {}).get("esbuild", "")
    for pointer, text in paths.items():
        if "\0" in text:
            yield pointer, f"`{'.'.join(map(str, pointer))}`: a NUL character in a path"


def _output_faults(table: Any, folder: Path) -> Iterator[tuple[Pointer, str]]:
    """Yield the first value of ``output-format`` that names no report, goes where another goes, or leaves ``folder``.

    Whoever wrote the config of a repository need not be who runs the tool: only the command line reaches the whole disk.
    """
    from widgetpack.config.outputs import load_outputs

    given = table.get("output-format", [])
    texts = [given] if isinstance(given, str) else given
    for index in range(len(texts)):
        pointer: Pointer = ("output-format",) if isinstance(given, str) else ("output-format", index)
        name = ".".join(map(str, pointer))
        try:
            outputs = load_outputs(texts[: index + 1])
        except UsageError as fault:
            yield pointer, f"`{name}`: {fault}"
            return
        place = os.path.realpath(folder / outputs[-1].file)
        if not Path(place).is_relative_to(os.path.realpath(folder)):
            yield pointer, f"`{name}`: {outputs[-1].file} leads out of the config's folder; --output-format may name it"
            return

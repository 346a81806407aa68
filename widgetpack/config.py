"""The settings of one widget: from its config file, then from the command line.

Looked for beside the widget and upwards to the repository's root: ``widgetpack.toml``, else ``[tool.widgetpack]`` in
``pyproject.toml``.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from widgetpack.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from widgetpack.model import Pointer, Severity

FILE_NAME = "widgetpack.toml"
PROJECT_FILE = "pyproject.toml"

_TOML_FAULT = re.compile(
    r"(?P<words>.+?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)

Target = Literal["auto", "kommo", "amocrm"]
Audience = Literal["private", "public"]


class Config(NamedTuple):
    """Every option, as everyone downstream takes it."""

    base: Path
    """The folder that relative paths start from: the one named on the command line, or its config file's."""
    file: Path | None = None
    """The config file, where there is one."""
    text: bytes = b""
    """What it holds: a finding in its ``[integration]`` table has a place in it."""
    root: str = ""
    """The folder with ``manifest.json``, relative to ``base``; empty: look for it."""
    output: str = "dist/widget.zip"
    """Where `build` writes, relative to ``base``."""
    target: Target = "auto"
    audience: Audience = "private"
    fail_level: Severity = "error"
    output_format: str = "text"
    include: tuple[str, ...] = ()
    """Git patterns, relative to the widget's root, of files that go in though they would be left out."""
    exclude: tuple[str, ...] = ()
    """Git patterns of files that stay out."""
    bundle: bool = True
    """``[script] bundle``: link the scripts into one and lower them."""
    compression: Literal["deflate", "store"] = "deflate"
    """``[archive] compression``: ``store`` gives equal bytes under every zlib."""
    integration: dict[str, Any] | None = None
    """The ``[integration]`` table: the form's properties, where they are not in ``integration.json``."""


_FLAT = ("root", "output", "target", "audience", "fail-level", "output-format", "include", "exclude", "integration")


def read_config(base: Path, file: Path | None = None) -> Config:
    """Find, read and check the config file that governs ``base`` (a folder, or the folder of a zip).

    ``file`` names one instead. Raises `ConfigError` with the file, the line and the cure.
    """
    path = file or _find(base)
    if path is None:
        return Config(base)
    data = _read(path)
    table = _own_table(path, _load_toml(path, data))
    _check(path, data, table)
    values = {key.replace("-", "_"): table[key] for key in _FLAT if key in table}
    for key in ("include", "exclude"):
        if key in values:
            values[key] = tuple(values[key])
    if "bundle" in table.get("script", {}):
        values["bundle"] = table["script"]["bundle"]
    if "compression" in table.get("archive", {}):
        values["compression"] = table["archive"]["compression"]
    home = _home(path.parent, base, values.get("root", ""))
    if home != path.parent:
        values.pop("root", None)
    return Config(home, path, data, **values)


def _home(folder: Path, base: Path, root: str) -> Path:
    """Return what relative paths start from: a config further up serves several widgets, unless its root is this one."""
    here = os.path.realpath(base)
    if os.path.realpath(folder) == here or (root and os.path.realpath(folder / root) == here):
        return folder
    return base


def _find(base: Path) -> Path | None:
    """Return the nearest config file from ``base`` up to the root of its repository."""
    start = folder = Path(os.path.abspath(base))  # noqa: PTH100  # absolute() keeps `..`, and then parent goes down again
    while True:
        # os.path's questions have an answer also for what may not be looked at.
        for name in (FILE_NAME, PROJECT_FILE):
            path = folder / name
            if os.path.isfile(path) and (name == FILE_NAME or _is_ours(path)):  # noqa: PTH113
                return base / name if folder == start else path  # short, as the user wrote it
        if os.path.exists(folder / ".git") or folder == folder.parent:  # noqa: PTH110
            return None
        folder = folder.parent


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
        message = f"{path}: cannot be read: {(error.strerror or str(error)).lower()}"
        raise ConfigError(message, "name a config file that can be read with --config") from None


def _load_toml(path: Path, data: bytes) -> dict[str, Any]:
    # Imported here, as everything for the places of faults: a widget without a config file pays for none of it.
    from widgetpack.places import spot

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
    from widgetpack.model import Document
    from widgetpack.places import pointer_offset, spot
    from widgetpack.schema import shape_faults

    faults = [
        (fault.pointer, fault.message if fault.on_key else f"`{'.'.join(map(str, fault.pointer))}`: {fault.message}")
        for fault in shape_faults(Document(path.name, data, table), "config")
        # The form's own faults are findings, not a broken config.
        if fault.pointer[:1] != ("integration",) or (fault.pointer == ("integration",) and fault.keyword == "type")
    ]
    if not faults:
        faults.extend(_beyond_shape(table))
    for pointer, fault in faults[:1]:
        inside = ("tool", "widgetpack", *pointer) if path.name == PROJECT_FILE else pointer
        line, column, _ = spot(data, pointer_offset("config.toml", data, inside))
        message = f"{path}:{line}:{column}: {fault}"
        raise ConfigError(message, "`widgetpack schema config` prints every key")


def _beyond_shape(table: Any) -> Iterator[tuple[Pointer, str]]:
    """Yield what a schema cannot say: a NUL ends a path for some systems, and some patterns can never match."""
    for key in ("root", "output"):
        if "\0" in table.get(key, ""):
            yield (key,), f"`{key}`: a NUL character in a path"
    for key in ("include", "exclude"):
        for index, pattern in enumerate(table.get(key, ())):
            if pattern.startswith("../"):
                yield (key, index), f"`{key}.{index}`: leads out of the widget; patterns start at its root"
            elif key == "include" and pattern.startswith("!"):
                yield (key, index), f"`{key}.{index}`: `!` brings nothing in; name the file itself, or use `exclude`"

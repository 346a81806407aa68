"""The settings of one widget: from its config file, then from the command line.

Looked for beside the widget and upwards to the repository's root: ``widgetpack.toml``, else ``[tool.widgetpack]`` in
``pyproject.toml``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal, NamedTuple

from widgetpack.errors import ConfigError
from widgetpack.model import Severity

FILE_NAME = "widgetpack.toml"

Target = Literal["auto", "kommo", "amocrm"]
Audience = Literal["private", "public"]


class Config(NamedTuple):
    """Every option, as everyone downstream takes it."""

    base: Path
    """The folder that relative paths start from: the one named on the command line, or its config file's."""
    file: Path | None = None
    """The config file, where there is one."""
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
    data = _read_table(path)
    table = data.get("tool", {}).get("widgetpack", {}) if path.name == "pyproject.toml" else data
    _check(path, table)
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
    return Config(home, path, **values)


def _home(folder: Path, base: Path, root: str) -> Path:
    """Return what relative paths start from: a config further up serves several widgets, unless its root is this one."""
    if folder.absolute() == base.absolute() or (root and (folder / root).resolve() == base.resolve()):
        return folder
    return base


def _find(base: Path) -> Path | None:
    """Return the nearest config file from ``base`` up to the root of its repository."""
    folder = base.absolute()
    while True:
        if (folder / FILE_NAME).is_file():
            return _as_given(folder / FILE_NAME, base)
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.widgetpack" in project.read_bytes():
            return _as_given(project, base)
        if (folder / ".git").exists() or folder == folder.parent:
            return None
        folder = folder.parent


def _as_given(path: Path, base: Path) -> Path:
    """Keep the path short, as the user wrote it, where the file lies in the folder they named."""
    return base / path.name if path.parent == base.absolute() else path


def _read_table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ConfigError(message, "name a config file that exists with --config") from None
    except UnicodeDecodeError:
        message = f"{path}: not UTF-8"
        raise ConfigError(message, "save the file as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{path}: not TOML: {error or 'nested too deeply'}"
        raise ConfigError(message, "TOML is described at toml.io") from None


def _check(path: Path, table: Any) -> None:
    """Judge the table by ``schemas/config.schema.json``; the first fault stops the run."""
    # Imported here: a widget without a config file pays for no schema of it.
    from widgetpack.model import Document
    from widgetpack.places import spot, pointer_offset
    from widgetpack.schema import shape_faults

    data = path.read_bytes()
    form_faults = "integration"  # the form's own faults are findings, not a broken config
    for fault in shape_faults(Document(path.name, data, table), "config"):
        if fault.pointer[:1] == (form_faults,) and fault.pointer != (form_faults,):
            continue
        pointer = ("tool", "widgetpack", *fault.pointer) if path.name == "pyproject.toml" else fault.pointer
        line, column, _ = spot(data, pointer_offset(path.name, data, pointer))
        message = f"{path}:{line}:{column}: {fault.message}"
        raise ConfigError(message, "`widgetpack schema config` prints every key")

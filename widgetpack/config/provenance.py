"""The settings that hold for a widget as TOML, and beside each where it comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from widgetpack.config.file import config_place, load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from widgetpack.config.settings import Config
    from widgetpack.model import Pointer

_WIDEST = 48
"""Columns that a setting may have for the origins to stand in one column."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class _Row(NamedTuple):
    """One line of the listing."""

    text: str
    origin: str


def list_settings(config: Config, further: Mapping[str, tuple[Any, str]]) -> str:
    """Return the merged settings: TOML that is a config file itself, with the origin of each value as a comment.

    Paths are as they will be opened. ``further`` are the options without a key that somebody set, each with its value and
    origin; they stand at the end, as comments.
    """
    rows = list(_rows(config))
    rows += [_Row("", "")] if further else []
    rows += [_Row(f"# {name} = {toml_value(value)}", origin) for name, (value, origin) in further.items()]
    width = max(len(row.text) for row in rows if len(row.text) <= _WIDEST)
    lines = [f"{row.text:<{width}}  # {row.origin}" if row.origin else row.text for row in rows]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:
    """Return a value as TOML in one line: what `tomllib` reads, and paths."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(key)} = {toml_value(item)}' for key, item in value.items())}}}"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    # JSON escapes what TOML escapes, but for DEL. Bytes of a file name that are no text are left to who prints this.
    text = json.dumps(str(value), ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def _rows(config: Config) -> Iterator[_Row]:
    origins = dict(config.origins)
    table = {} if config.file is None else load_table(config.file, config.text)
    yield _Row(
        f"# {config.base.as_posix()}: {'no config file' if config.file is None else f'config file {config.file}'}", ""
    )
    for name, value in _flat(config).items():
        if value is None:
            yield _Row(f"# {name}: none", "default")
        else:
            origin = origins.get(name.replace("-", "_")) or _origin(config, table, (name,))
            yield _Row(f"{name} = {toml_value(value)}", origin)
    for name, values in _tables(config).items():
        if values:
            yield _Row("", "")
            yield _Row(f"[{name}]", "")
        for key, value in values.items():
            if value is None:
                yield _Row(f"# {_key(key)}: none", "default")
                continue
            origin = origins.get(key if name == "script" else f"{name}.{key}") or _origin(config, table, (name, key))
            yield _Row(f"{_key(key)} = {toml_value(value)}", origin)


def _flat(config: Config) -> dict[str, Any]:
    """Return the keys outside tables, in the order of the listing; None where nothing is set and nothing is the default."""
    return {
        "root": config.root or None,
        "output": config.output,
        "target": config.target,
        "audience": config.audience,
        "fail-level": config.fail_level,
        "output-format": config.output_format or ("text",),
        "include": config.include,
        "exclude": config.exclude,
        "select": config.select,
        "ignore": config.ignore,
        "baseline": None if config.baseline is None else config.baseline.as_posix(),
    }


def _tables(config: Config) -> dict[str, dict[str, Any]]:
    return {
        "script": _script(config),
        "archive": {"compression": config.compression},
        "serve": _serve(config),
        "per-file-ignores": dict(config.per_file_ignores),
        "severity": dict(config.severity),
        "integration": config.integration or {},
    }


def _script(config: Config) -> dict[str, Any]:
    """Return the keys of ``[script]``; None where nothing is set and nothing is the default."""
    found: dict[str, Any] = {
        "bundle": config.bundle,
        "esbuild": None if config.esbuild is None else config.esbuild.as_posix(),
    }
    for name, value in config.script._asdict().items():
        is_table = name in ("entries", "rename", "define")
        found[name.replace("_", "-")] = None if value in ("", ()) else dict(value) if is_table else value
    return found


def _serve(config: Config) -> dict[str, Any]:
    """Return the keys of ``[serve]`` that somebody set."""
    usual = type(config.serve)()
    pairs = zip(config.serve._fields, config.serve, usual, strict=True)
    return {
        name: value.as_posix() if isinstance(value, Path) else value for name, value, known in pairs if value != known
    }


def _origin(config: Config, table: Mapping[str, Any], pointer: Pointer) -> str:
    """Return ``widgetpack.toml:3``, or ``default`` for what the file does not say."""
    value: Any = table
    for key in pointer:
        if not isinstance(value, dict) or key not in value:
            return "default"
        value = value[key]
    if config.file is None:
        return "default"
    return f"{config.file.as_posix()}:{config_place(config.file, config.text, pointer)[0]}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_value(key)

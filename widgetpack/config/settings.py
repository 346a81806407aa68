"""The settings of one widget: from its config file, then from the command line.

Looked for beside the widget and upwards to the repository's root: ``widgetpack.toml``, else ``[tool.widgetpack]`` in
``pyproject.toml``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from widgetpack.config.file import config_fault, find_file, read_table
from widgetpack.config.script import ScriptOptions, load_script_options
from widgetpack.config.serve import ServeOptions, load_serve_options
from widgetpack.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.model import Pointer, Severity

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
    against: str = ""
    """A zip or a git revision: the version must be above its version where the contents differ."""
    output_format: tuple[str, ...] = ()
    """Reports as `widgetpack.config.outputs.load_outputs` reads them, their files as paths to open; none: text."""
    report: str = ""
    """Where `build` writes the page about what is in the scripts, as a path to open; only the command line says it."""
    include: tuple[str, ...] = ()
    """Git patterns, relative to the widget's root, of files that go in though they would be left out."""
    exclude: tuple[str, ...] = ()
    """Git patterns of files that stay out."""
    bundle: bool = True
    """``[script] bundle``: link the scripts into one and lower them."""
    esbuild: Path | None = None
    """``[script] esbuild``: the executable to use instead of the one found; as a path to open."""
    script: ScriptOptions = ScriptOptions()
    """The other keys of ``[script]``: how modern sources become one script."""
    compression: Literal["deflate", "store"] = "deflate"
    """``[archive] compression``: ``store`` gives equal bytes under every zlib."""
    serve: ServeOptions = ServeOptions()
    """``[serve]``: where the developer's server answers."""
    integration: dict[str, Any] | None = None
    """The ``[integration]`` table: the form's properties, where they are not in ``integration.json``."""
    select: tuple[str, ...] = ("ALL",)
    """Rules to judge by: beginnings of codes (``S``, ``S12``), slugs, or ``ALL``. Between this and ``ignore`` the
    nearer source wins (see ``origins``), within one the longer word."""
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Git patterns, relative to the widget's root, each with the rules that are silent in what it names."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Rules, each with the severity that it has instead of its own; the longest counts."""
    baseline: Path | None = None
    """A file of findings that are known and silent; as a path to open."""
    origins: tuple[tuple[str, str], ...] = ()
    """The fields that the command line or the environment set: ``("ignore", "--ignore")``, ``("target", "WIDGETPACK_TARGET")``;
    of ``severity`` each word: ``("severity.S12", "--severity")``."""
    alone: bool = True
    """Whether the run is about this widget only."""

    @property
    def file_is_own(self) -> bool:
        """Whether the config file serves this widget only; one further up may serve others too."""
        return self.file is not None and self.file.parent == self.base

    @property
    def names_rules(self) -> bool:
        """Whether a setting says which rules are heard, where, or how loud."""
        return bool(self.select != ("ALL",) or self.ignore or self.per_file_ignores or self.severity)

    def fault(self, pointer: Pointer, words: str) -> ConfigError:
        """Return the error for a setting, with its place where a file says it."""
        return ConfigError(words) if self.file is None else config_fault(self.file, self.text, pointer, words)


_FLAT = ("root", "output", "target", "audience", "fail-level", "integration")
_LISTS = ("include", "exclude", "select", "ignore")


def read_config(base: Path, file: Path | None = None) -> Config:
    """Find, read and check the config file that governs ``base`` (a folder, or the folder of a zip).

    ``file`` names one instead. Raises `ConfigError` with the file, the line and the cure.
    """
    path = file or find_file(base)
    if path is None:
        return Config(base)
    data, table = read_table(path)
    values = _values(path, table)
    home = _home(path.parent, base, values.get("root", ""))
    if home != path.parent:
        values.pop("root", None)
    return Config(home, path, data, **values)


def _values(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `Config` that the table of the file ``path`` sets."""
    values = {key.replace("-", "_"): table[key] for key in _FLAT if key in table}
    values |= {key: tuple(table[key]) for key in _LISTS if key in table}
    if "output-format" in table:
        values["output_format"] = _reports(table["output-format"], path.parent)
    if "per-file-ignores" in table:
        values["per_file_ignores"] = tuple((name, tuple(codes)) for name, codes in table["per-file-ignores"].items())
    if "severity" in table:
        values["severity"] = tuple(table["severity"].items())
    if "baseline" in table:
        values["baseline"] = path.parent / table["baseline"]
    if "esbuild" in table.get("script", {}):
        values["esbuild"] = path.parent / table["script"]["esbuild"]
    if "script" in table:
        values["script"] = load_script_options(table["script"])
    if "serve" in table:
        values["serve"] = load_serve_options(table["serve"], path.parent)
    for name, key in (("script", "bundle"), ("archive", "compression")):
        if key in table.get(name, {}):
            values[key] = table[name][key]
    return values


def _reports(value: str | list[str], folder: Path) -> tuple[str, ...]:
    """Return the reports of a config file in ``folder``, which their files start from."""
    from widgetpack.config.outputs import rebased

    return tuple(rebased(text, folder) for text in ([value] if isinstance(value, str) else value))


def _home(folder: Path, base: Path, root: str) -> Path:
    """Return what relative paths start from: a config further up serves several widgets, unless its root is this one."""
    here = os.path.realpath(base)
    if os.path.realpath(folder) == here or (root and os.path.realpath(folder / root) == here):
        return folder
    return base

"""The options that several commands share, and how they meet the config file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from widgetpack.config import Config

F = TypeVar("F", bound=Callable[..., Any])

PREFIX = "WIDGETPACK_"


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Return click's option, with an environment variable: ``--fail-level`` is also ``WIDGETPACK_FAIL_LEVEL``."""
    long = next(name for name in names if name.startswith("--"))
    return click.option(*names, envvar=PREFIX + long.removeprefix("--").replace("-", "_").upper(), **settings)


PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
CONFIG_FILE = option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Config file to use instead of the one found."
)
RAW = option("--raw", is_flag=True, help="Leave the scripts as they are: no linking, no lowering.")
_COLOR = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto: on a terminal without NO_COLOR.",
)
_SEVERITY = click.Choice(["error", "warning", "info"])


def judging(command: F) -> F:
    """Add the options of every command that judges widgets."""
    options = (
        CONFIG_FILE,
        option(
            "--target",
            type=click.Choice(["auto", "kommo", "amocrm"]),
            help="Platform; auto: amoCRM where the locales hold ru.",
        ),
        option(
            "--audience",
            type=click.Choice(["private", "public"]),
            help="Who may install the widget; public adds the moderation rules.",
        ),
        option("--fail-level", type=_SEVERITY, help="Lowest severity that ends with exit code 1 (default: error)."),
        option("--output-format", type=click.Choice(["text", "json"]), help="Form of the report (default: text)."),
        option("-j", "--jobs", type=click.IntRange(1), help="Widgets at the same time (default: one per processor)."),
        option("-q", "--quiet", is_flag=True, help="Print findings only."),
        _COLOR,
    )
    for item in reversed(options):
        command = item(command)
    return command


_OVERRIDES = ("target", "audience", "fail_level", "output_format")
"""Options that replace a key of the config."""


def configured(paths: Sequence[Path], options: dict[str, Any], **forced: Any) -> list[tuple[Path, Config]]:
    """Pair each path with its settings: the config file's, then the command line's, then ``forced`` ones."""
    from widgetpack.config import read_config

    chosen = {key: options[key] for key in _OVERRIDES if options.get(key)}
    pairs = []
    for path in paths or (Path(),):
        base = path if path.is_dir() else path.parent
        pairs.append((path, read_config(base, options.get("config_file"))._replace(**chosen, **forced)))
    return pairs

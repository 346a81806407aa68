"""The options that several commands share, and how they meet the config file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from widgetpack.cli.words import rules, severities
from widgetpack.errors import UsageError

if TYPE_CHECKING:
    from widgetpack.config.settings import Config
    from widgetpack.model import Severity

    Severities = tuple[tuple[str, Severity], ...]

F = TypeVar("F", bound=Callable[..., Any])

PREFIX = "WIDGETPACK_"


class _Option(click.Option):
    """An option with an environment variable, which is named where it holds a wrong value."""

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """Take a value per line where there are several lines: a path may hold the blanks that click splits at."""
        text = self.resolve_envvar_value(ctx)
        if self.multiple and text and "\n" in text:
            return [line.strip() for line in text.split("\n") if line.strip()]
        return super().value_from_envvar(ctx)

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        try:
            return super().process_value(ctx, value)
        except click.BadParameter as error:
            if _is_variable(ctx, self):
                error.param_hint = f"the environment variable {self.envvar}"
            raise


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Return click's option, with an environment variable: ``--fail-level`` is also ``WIDGETPACK_FAIL_LEVEL``.

    In the variable of a repeatable option, line breaks stand between the values where it holds one, else blanks.
    """
    long = next(name for name in names if name.startswith("--"))
    variable = PREFIX + long.removeprefix("--").replace("-", "_").upper()
    return click.option(*names, cls=_Option, envvar=variable, **settings)


def _is_variable(context: click.Context, parameter: click.Parameter) -> bool:
    return context.get_parameter_source(str(parameter.name)) is ParameterSource.ENVIRONMENT


PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
CONFIG_FILE = option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Config file to use instead of the one found."
)
OUTPUT = option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The zip to write (default: dist/widget.zip).",
)
NO_COMMAND = option(
    "--no-command", is_flag=True, help="Do not run `[script] command` of the config: build of what lies there."
)
RAW = option("--raw", is_flag=True, help="Leave the scripts as they are: no linking, no lowering.")
_COLOR = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto: on a terminal without NO_COLOR.",
)
_SEVERITY = click.Choice(["error", "warning", "info"])


def _reports(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what names no report before any widget is read."""
    from widgetpack.config.outputs import load_outputs

    try:
        load_outputs(values)
    except UsageError as fault:
        name = option.envvar if _is_variable(context, option) else "--output-format"
        message = f"{name}: {fault}"
        raise UsageError(message, fault.hint) from None
    return values


_JOBS = option("-j", "--jobs", type=click.IntRange(1), help="Widgets at the same time (default: one per processor).")
_JUDGING = (
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
    option(
        "--against",
        metavar="ZIP|REVISION",
        help="The last upload, or a git revision: a widget that differs needs a higher version.",
    ),
    option(
        "--select",
        multiple=True,
        metavar="RULES",
        callback=rules,
        help="Judge by these rules only: codes or their beginnings (S12,S1,S) or names, by commas; repeatable.",
    ),
    option(
        "--ignore",
        multiple=True,
        metavar="RULES",
        callback=rules,
        help="Rules to be silent about, whatever the config selects; repeatable.",
    ),
    option(
        "--severity",
        multiple=True,
        metavar="RULES=LEVEL",
        callback=severities,
        help="Give rules another severity, whatever the config says of them: S12=info; repeatable.",
    ),
    option(
        "--baseline",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Be silent about the findings in FILE; `validate --write-baseline FILE` makes it.",
    ),
    option("--fail-level", type=_SEVERITY, help="Lowest severity that ends with exit code 1 (default: error)."),
    option(
        "--output-format",
        multiple=True,
        metavar="FORMAT[:FILE]",
        callback=_reports,
        help="Report: text, concise, json, github, sarif, junit, gitlab or markdown; repeatable. A FILE alone tells"
        " its format by its ending (.txt .json .sarif .xml .md).",
    ),
    _JOBS,
    option("-q", "--quiet", is_flag=True, help="Print findings only."),
    _COLOR,
)


def judging(command: F) -> F:
    """Add the options of every command that judges widgets."""
    for item in reversed(_JUDGING):
        command = item(command)
    return command


def judging_one(command: F) -> F:
    """Add the options of every command that judges one widget."""
    for item in reversed(_JUDGING):
        command = command if item is _JOBS else item(command)
    return command


_OVERRIDES = (
    "target",
    "audience",
    "fail_level",
    "output_format",
    "report",
    "against",
    "select",
    "ignore",
    "severity",
    "baseline",
)
"""Options that are also fields of `Config`."""


def configured(paths: Sequence[Path], options: dict[str, Any], **forced: Any) -> list[tuple[Path, Config]]:
    """Pair each path with its settings: the config file's, then those of environment and command line, then ``forced`` ones.

    Raises `ConfigError` for a config file that is wrong.
    """
    from widgetpack.config.settings import read_config

    said = spoken()
    chosen = {key: options[key] for key in _OVERRIDES if key in options and key in said}
    origins = {key: said[key] for key in chosen if key != "severity"}
    origins |= {f"severity.{word}": said["severity"] for word, _ in chosen.get("severity", ())}
    if "select" in chosen and ("ignore" not in chosen or _is_behind(said["ignore"], said["select"])):
        # What is asked for is what is heard, whatever is ignored further away.
        chosen["ignore"], origins["ignore"] = (), said["select"]
    if "bundle" in forced and "raw" in said:
        origins["bundle"] = said["raw"]
    pairs = []
    for path in paths or (Path(),):
        base = path if path.is_dir() else path.parent
        config = read_config(base, options.get("config_file"))
        if "severity" in chosen:
            chosen["severity"] = _merged(options["severity"], config.severity)
        config = config._replace(**chosen, **forced, origins=tuple(origins.items()), alone=len(paths) <= 1)
        if config.names_rules:
            from widgetpack.silence.choice import check_choice

            check_choice(config)
        pairs.append((path, config))
    return pairs


def _is_behind(origin: str, other: str) -> bool:
    """Tell whether ``origin`` is a variable and ``other`` an option of the command line."""
    return other.startswith("--") and not origin.startswith("--")


def _merged(said: Severities, written: Severities) -> Severities:
    """Lay the command line's severities over the config file's, rule by rule."""
    return (*said, *(pair for pair in written if pair[0] not in dict(said)))


def spoken() -> dict[str, str]:
    """Return what the command line and the environment set: the option's name -> ``--ignore`` or ``WIDGETPACK_IGNORE``."""
    context = click.get_current_context()
    found = {}
    for parameter in context.command.params:
        source = context.get_parameter_source(str(parameter.name))
        if source is ParameterSource.ENVIRONMENT:
            found[str(parameter.name)] = str(parameter.envvar)
        elif source is ParameterSource.COMMANDLINE and isinstance(parameter, click.Option):
            found[str(parameter.name)] = next(name for name in parameter.opts if name.startswith("--"))
    return found


def refuse_bad_baselines(pairs: Sequence[tuple[Path, Config]]) -> None:
    """Raise `UsageError` for the first baseline that cannot be used, once and not once per widget."""
    files = dict.fromkeys(config.baseline for _, config in pairs if config.baseline is not None)
    for file in files:
        from widgetpack.silence.baseline import read_baseline

        read_baseline(file)

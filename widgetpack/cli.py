"""The command line: parse, call, print, exit. Only this layer (with `exits`) prints, exits, or knows click.

Everything but click is imported inside the commands: `--version` and `--help` cost little more than click itself.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

import click

from widgetpack import __version__
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError, WidgetpackError
from widgetpack.exits import complain, leave

if TYPE_CHECKING:
    from widgetpack.config import Config
    from widgetpack.pipeline import Result
    from widgetpack.report.text import Style

F = TypeVar("F", bound=Callable[..., Any])

_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
_SEVERITY = click.Choice(["error", "warning", "info"])


def _common(command: F) -> F:
    """Add the options that `validate` and `build` share."""
    options = (
        click.option(
            "--config",
            "config_file",
            type=click.Path(path_type=Path),
            help="Config file to use instead of the one found.",
        ),
        click.option(
            "--target",
            type=click.Choice(["auto", "kommo", "amocrm"]),
            help="Platform; auto: amoCRM where the locales hold ru.",
        ),
        click.option(
            "--audience",
            type=click.Choice(["private", "public"]),
            help="Who may install the widget; public adds the moderation rules.",
        ),
        click.option(
            "--fail-level", type=_SEVERITY, help="Lowest severity that ends with exit code 1 (default: error)."
        ),
        click.option(
            "--output-format", type=click.Choice(["text", "json"]), help="Form of the report (default: text)."
        ),
        click.option(
            "-j", "--jobs", type=click.IntRange(1), help="Widgets at the same time (default: one per processor)."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print findings only."),
        _COLOR,
    )
    for option in reversed(options):
        command = option(command)
    return command


_COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; auto: on a terminal without NO_COLOR.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="widgetpack", message="%(prog)s %(version)s")
def cli() -> None:
    """Check a Kommo / amoCRM widget, bundle it, and emit the zip that the platform takes.

    PATH is the widget's folder (by default the current one): the folder with manifest.json, or one that has it in
    widget/, public/ or src/. Exit codes: 0 clean, 1 findings, 2 usage or config, 3 a tool failed, 130 interrupted.
    """


@cli.command()
@_PATHS
@_common
def validate(paths: tuple[Path, ...], **options: Any) -> int:
    """Check widgets: folders or finished zips."""
    from widgetpack.pipeline import validate as validate_one

    tasks = [(validate_one, path, config) for path, config in _configured(paths, options)]
    return _run(tasks, options)


@cli.command()
@_PATHS
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The zip to write (default: dist/widget.zip).",
)
@click.option("--raw", is_flag=True, help="Leave the scripts as they are: no linking, no lowering.")
@click.option("-w", "--watch", is_flag=True, help="Build again on every save, until Ctrl+C.")
@click.option(
    "--poll",
    is_flag=True,
    help="With --watch: ask the disk instead of waiting for events (network drives, containers).",
)
@_common
def build(paths: tuple[Path, ...], *, output: Path | None, raw: bool, watch: bool, poll: bool, **options: Any) -> int:
    """Check widgets, bundle them, check the result and write each zip."""
    if poll and not watch:
        raise UsageError("--poll is a way to watch", "add --watch")
    if len(paths) > 1 and (output or watch):
        message = f"{'--watch' if watch else '-o'} takes one widget, not {len(paths)}"
        raise UsageError(message, "run it once per widget, or set `output` in each config")
    from widgetpack.archive import epoch
    from widgetpack.pipeline import build as build_one

    seconds = epoch(os.environ.get("SOURCE_DATE_EPOCH"))
    forced = {"bundle": False} if raw else {}
    if watch:
        from widgetpack.watch import Watch

        def configure() -> tuple[Path, Config]:
            return _configured(paths, options, **forced)[0]

        options["output_format"] = configure()[1].output_format
        Watch(configure, seconds, output, poll=poll, report=_reporter(options), say=_speaker(options)).run()
    from widgetpack.parallel import refuse_shared_outputs

    configured = _configured(paths, options, **forced)
    refuse_shared_outputs([(path, output or config.base / config.output) for path, config in configured])
    return _run([(build_one, path, config, seconds, output) for path, config in configured], options)


@cli.command(name="ls")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--why", is_flag=True, help="Also list what stays out, and the reason for each file.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Config file to use instead of the one found."
)
@click.option("--raw", is_flag=True, help="As with build --raw.")
def list_files(path: Path, *, why: bool, config_file: Path | None, raw: bool) -> int:
    """List what goes into the zip, with sizes."""
    from widgetpack.listing import list_package

    ((path, config),) = _configured((path,), {"config_file": config_file}, **({"bundle": False} if raw else {}))
    click.echo(list_package(path, config, why=why), nl=False)
    return EXIT_CLEAN


@cli.command(name="rule")
@click.argument("code", required=False)
def explain(code: str | None) -> int:
    """List the rules, or explain one: what, why, fix, source."""
    from widgetpack.catalogue import explain_rule, list_rules

    click.echo(list_rules() if code is None else explain_rule(code), nl=False)
    return EXIT_CLEAN


@cli.command()
@click.argument("name", type=click.Choice(["manifest", "integration", "config"]), metavar="manifest|integration|config")
def schema(name: Literal["manifest", "integration", "config"]) -> int:
    """Print a JSON Schema, for your editor."""
    from widgetpack.schema import schema_text

    click.echo(schema_text(name), nl=False)
    return EXIT_CLEAN


def _configured(paths: Sequence[Path], options: dict[str, Any], **forced: Any) -> list[tuple[Path, Config]]:
    """Pair each path with its settings: the config file's, then the command line's."""
    from widgetpack.config import read_config

    chosen = {key: options[key] for key in ("target", "audience", "fail_level", "output_format") if options.get(key)}
    pairs = []
    for path in paths or (Path(),):
        base = path if path.is_dir() else path.parent
        pairs.append((path, read_config(base, options.get("config_file"))._replace(**chosen, **forced)))
    return pairs


def _run(tasks: list[tuple[Any, ...]], options: dict[str, Any]) -> int:
    """Run one task per widget, print the report, and return the exit code."""
    from widgetpack.parallel import run_all
    from widgetpack.report import FORMATS

    outcomes = run_all(tasks, options.get("jobs"))
    results = [outcome for outcome in outcomes if not isinstance(outcome, WidgetpackError)]
    configs = [
        task[2] for task, outcome in zip(tasks, outcomes, strict=True) if not isinstance(outcome, WidgetpackError)
    ]
    failed = any(result.fails(config.fail_level) for result, config in zip(results, configs, strict=True))
    code = EXIT_FINDINGS if failed else EXIT_CLEAN
    if results:
        click.echo(FORMATS[configs[0].output_format](results, _style(options)), nl=False, color=True)
    for outcome in outcomes:
        if isinstance(outcome, WidgetpackError):
            code = max(code, complain(outcome))
    return code


def _reporter(options: dict[str, Any]) -> Callable[[Result], None]:
    """Return what watch mode calls with each build's result."""
    from widgetpack.report import FORMATS

    style = _style({**options, "quiet": True})

    def report(result: Result) -> None:
        click.echo(FORMATS[options.get("output_format") or "text"]([result], style), nl=False, color=True)
        sys.stdout.flush()

    return report


def _speaker(options: dict[str, Any]) -> Callable[[str], None]:
    """Return what prints watch mode's own lines: beside a report for programs they go to the other stream."""

    def say(line: str) -> None:
        click.echo(line, err=options.get("output_format") == "json")
        sys.stdout.flush()

    return say


def _style(options: dict[str, Any]) -> Style:
    from widgetpack.report.text import Style

    wanted = options.get("color", "auto")
    automatic = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(wanted == "always" or (wanted == "auto" and automatic), bool(options.get("quiet")))


def main() -> NoReturn:
    """Run the command line; every way out of the program ends in one of the documented exit codes."""
    gc.set_threshold(50_000)  # a run makes few circles and ends soon: the usual 700 costs a tenth of it
    leave(lambda: cli.main(prog_name="widgetpack", standalone_mode=False))

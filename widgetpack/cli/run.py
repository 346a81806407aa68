"""From tasks to a printed report and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, WidgetpackError
from widgetpack.exits import complain

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.pipeline import Result
    from widgetpack.report.text import Style


def run(tasks: list[tuple[Any, ...]], options: dict[str, Any]) -> int:
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


def reporter(options: dict[str, Any]) -> Callable[[Result], None]:
    """Return what watch mode calls with each build's result."""
    from widgetpack.report import FORMATS

    style = _style({**options, "quiet": True})

    def report(result: Result) -> None:
        click.echo(FORMATS[options.get("output_format") or "text"]([result], style), nl=False, color=True)
        sys.stdout.flush()

    return report


def speaker(options: dict[str, Any]) -> Callable[[str], None]:
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

"""From tasks to reports and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, WidgetpackError
from widgetpack.exits import complain, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.pipeline import Result
    from widgetpack.report import Style


def run(tasks: list[tuple[Any, ...]], options: dict[str, Any]) -> int:
    """Run one task per widget, report on all of them together, and return the exit code.

    Where several widgets have configs of their own, the first one's says which reports there are.
    """
    from widgetpack.parallel import run_all

    outcomes = run_all(tasks, options.get("jobs"))
    results = [outcome for outcome in outcomes if not isinstance(outcome, WidgetpackError)]
    code = EXIT_FINDINGS if any(result.fails(result.fail_level) for result in results) else EXIT_CLEAN
    faults = _report(results, tasks[0][2], _style(options)) if results else []
    if len(results) == len(outcomes):
        faults += _report_contents(results, tasks[0][2])
    for fault in [*(outcome for outcome in outcomes if isinstance(outcome, WidgetpackError)), *faults]:
        code = max(code, complain(fault))
    return code


def refuse_no_folder(path: Path, config: Config, *, runs_command: bool) -> None:
    """Raise what a build says of a path that is no folder, before a port is taken; a command may be about to make it."""
    is_folder = os.path.isdir(path)  # noqa: PTH112  # has an answer also for what may not be looked at
    if not (is_folder or (runs_command and config.script.command)):
        from widgetpack.pipeline import make

        make(path, config)


def refuse_other_files(config: Config) -> None:
    """Raise `WriteError` for a report whose file is something else, before anything is read or written."""
    from widgetpack.config.outputs import load_outputs

    for output in load_outputs(config.output_format):
        if output.file:
            from widgetpack.report.files import refuse_other_file

            refuse_other_file(output, os.environ.get("GITHUB_STEP_SUMMARY", ""))
    if config.report:
        from widgetpack.config.outputs import Output
        from widgetpack.files.written import BUNDLE
        from widgetpack.report.files import refuse_other_file

        refuse_other_file(Output(BUNDLE, config.report))


def reporter(options: dict[str, Any], config: Config) -> Callable[[Result], None]:
    """Return what watch mode calls with each build's result."""
    style = _style({**options, "quiet": True})._replace(one_line=True)

    def report(result: Result) -> None:
        for fault in [*_report([result], config, style), *_report_contents([result], config)]:
            complain(fault)
        sys.stdout.flush()

    return report


def speaker(config: Config) -> Callable[[str], None]:
    """Return what prints watch mode's own lines: beside a report for programs they go to the other stream."""
    from widgetpack.config.outputs import FOR_PEOPLE, load_outputs, on_standard_output

    beside = on_standard_output(load_outputs(config.output_format)) not in FOR_PEOPLE

    def say(line: str) -> None:
        click.echo(readable(line), err=beside)
        sys.stdout.flush()

    return say


def _report(results: Sequence[Result], config: Config, style: Style) -> list[WidgetpackError]:
    """Write every report, then print the one for standard output; return what kept files from being written."""
    from widgetpack.config.outputs import load_outputs, on_standard_output
    from widgetpack.report import FORMATS

    outputs = load_outputs(config.output_format)
    faults: list[WidgetpackError] = []
    for output in outputs:
        if output.file:
            from widgetpack.report.files import write_report

            # In a file nothing is written behind: a whole one has lines, and never colours.
            text = FORMATS[output.format](results, style._replace(colour=False, one_line=False))
            try:
                write_report(output, text, os.environ.get("GITHUB_STEP_SUMMARY", ""))
            except WidgetpackError as error:
                faults.append(error)
    click.echo(FORMATS[on_standard_output(outputs)](results, style), nl=False, color=True)
    return faults


def _report_contents(results: Sequence[Result], config: Config) -> list[WidgetpackError]:
    """Write the page about what is in the scripts once every widget is built; return what kept it from being written."""
    if not config.report or not all(result.artifact for result in results):
        return []
    from widgetpack.config.outputs import Output
    from widgetpack.contents.page import render_page
    from widgetpack.files.written import BUNDLE
    from widgetpack.report.files import write_report

    try:
        write_report(Output(BUNDLE, config.report), render_page([(item.target, item.contents) for item in results]))
    except WidgetpackError as error:
        return [error]
    return []


def _style(options: dict[str, Any]) -> Style:
    from widgetpack.report import Style
    from widgetpack.report.style import checkout

    wanted = options.get("color", "auto")
    automatic = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    colour = wanted == "always" or (wanted == "auto" and automatic)
    try:
        cwd = os.getcwd()  # noqa: PTH109  # a text, as the paths that it is put before
    except OSError:  # it is gone; whole paths on the command line need none
        cwd = ""
    root, blob = checkout(os.environ, cwd)
    return Style(colour, bool(options.get("quiet")), cwd=cwd, root=root, blob=blob)

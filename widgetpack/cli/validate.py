"""``widgetpack validate``, and its mechanical fixes."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from widgetpack.cli.options import PATHS, configured, judging, option, refuse_bad_baselines, spoken
from widgetpack.cli.run import refuse_other_files, run, speaker
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError, WidgetpackError
from widgetpack.exits import complain, readable

if TYPE_CHECKING:
    from widgetpack.config.settings import Config
    from widgetpack.fixes.mend import Mended

Pairs = list[tuple["Path", "Config"]]


@click.command(name="validate")
@PATHS
@option("--fix", is_flag=True, help="Mend in place what needs no opinion, never a script; then report what remains.")
@option("--diff", is_flag=True, help="Show what --fix would change, and change nothing; exit code 1 where it would.")
@option(
    "--remove-junk",
    is_flag=True,
    help="With --fix or --diff: also remove .DS_Store, Thumbs.db, AppleDouble files (._*) and __MACOSX once it is empty.",
)
@option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write all findings to FILE instead of reporting them: --baseline FILE then is silent about them.",
)
@judging
def command(
    paths: tuple[Path, ...], *, fix: bool, diff: bool, remove_junk: bool, write_baseline: Path | None, **options: Any
) -> int:
    """Check widgets: folders or finished zips."""
    from widgetpack.pipeline import validate

    pairs = configured(paths, options)
    if remove_junk and not (fix or diff):
        raise UsageError("--remove-junk is a way to mend", "add --fix, or --diff to see what it would do")
    if diff and write_baseline:
        raise UsageError("--diff changes nothing, and --write-baseline writes a file", "leave one of them out")
    if diff and (named := spoken().get("output_format")):
        message = f"--diff prints what --fix would change, and {named} asks for reports"
        raise UsageError(message, "leave one of them out")
    if not write_baseline:
        refuse_bad_baselines(pairs)
        refuse_other_files(pairs[0][1])
    if fix or diff:
        _refuse_others(pairs)
    if diff:
        return _show(pairs, options, remove_junk=remove_junk)
    code = _mend(pairs, options, remove_junk=remove_junk) if fix else EXIT_CLEAN
    tasks: list[tuple[Any, ...]] = [(validate, path, config) for path, config in pairs]
    if write_baseline:
        from widgetpack.cli.baseline import write_findings

        return max(code, write_findings(write_baseline, tasks, options))
    return max(code, run(tasks, options))


def _refuse_others(pairs: Pairs) -> None:
    """Raise `UsageError` for what is no folder, and for a widget that is named twice, before anything is written."""
    from widgetpack.files.sources import find_root

    seen: dict[str, Path] = {}
    for path, config in pairs:
        if os.path.isfile(path):  # noqa: PTH113  # Path's raises for what may not be looked at
            message = f"{path}: a file; fixes are made in the widget's folder"
            raise UsageError(message, "widgetpack validate --fix FOLDER, then widgetpack build FOLDER")
        place = os.path.realpath(find_root(config) or path)
        if place in seen:
            message = f"{seen[place]} and {path}: the same widget"
            raise UsageError(message, "name each widget once")
        seen[place] = path


def _show(pairs: Pairs, options: dict[str, Any], *, remove_junk: bool) -> int:
    """Print what would be changed."""
    from widgetpack.fixes.mend import show
    from widgetpack.parallel import run_all
    from widgetpack.report.style import printable

    code = EXIT_CLEAN
    outcomes = run_all([(show, path, config, remove_junk) for path, config in pairs], options.get("jobs"))
    for (path, config), outcome in zip(pairs, outcomes, strict=True):
        if isinstance(outcome, WidgetpackError):
            code = max(code, complain(outcome))
        elif outcome:
            code = max(code, EXIT_FINDINGS)
            safe = "\n".join(map(printable, outcome.decode(errors="backslashreplace").split("\n")))
            click.echo(safe if sys.stdout.isatty() else outcome, nl=False)  # a widget must not steer a terminal
            _say_where(path, config)
    return code


def _say_where(path: Path, config: Config) -> None:
    """Say how to apply a diff whose paths do not start at the current folder."""
    from widgetpack.files.sources import find_root
    from widgetpack.fixes.diff import is_below_here

    folder = str(find_root(config) or path)
    if not is_below_here(folder):
        click.echo(
            readable(f"widgetpack: {folder} is not below the current folder; the paths of its diff start in it"),
            err=True,
        )
        click.echo(readable(f"  try: git -C {shlex.quote(folder)} apply"), err=True)


def _mend(pairs: Pairs, options: dict[str, Any], *, remove_junk: bool) -> int:
    """Mend every widget, say what was mended, and return the exit code for what could not be written."""
    from widgetpack.fixes.mend import mend
    from widgetpack.parallel import run_all

    # As many tasks as the report has: what runs in this process here, runs in it there, and no thread meets a fork.
    outcomes = run_all([(mend, path, config, remove_junk) for path, config in pairs], options.get("jobs"))
    done = [outcome for outcome in outcomes if not isinstance(outcome, WidgetpackError)]  # the report says those
    if done and not options.get("quiet"):
        _tell(done, pairs[0][1])
    return max((complain(fault) for outcome in done for fault in outcome.failures), default=EXIT_CLEAN)


def _tell(done: list[Mended], config: Config) -> None:
    from widgetpack.report.style import printable
    from widgetpack.report.text import beside, plural

    say = speaker(config)
    fixed = [(beside(one.source, item.path), item) for one in done for item in one.fixed]
    for path, item in fixed:
        say(printable(readable(f"{path}: {item.what}")))
    for path in (beside(one.source, name) for one in done for name in one.stays):
        say(printable(readable(f"{path}: stays, for it is no leftover of an operating system")))
    files = plural(len({path for path, _ in fixed}), "file")
    if fixed or not any(one.failures for one in done):
        say(f"fixed {plural(len(fixed), 'fault')} in {files}" if fixed else "nothing to fix")
        say("")

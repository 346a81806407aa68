"""``widgetpack build``, once or on every save."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from widgetpack.cli.options import (
    NO_COMMAND,
    OUTPUT,
    PATHS,
    RAW,
    configured,
    judging,
    option,
    refuse_bad_baselines,
    spoken,
)
from widgetpack.cli.run import refuse_other_files, reporter, run, speaker
from widgetpack.errors import EXIT_CLEAN, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.config.settings import Config
    from widgetpack.pipeline import Wrap

    Pairs = list[tuple[Path, Config]]


@click.command(name="build", short_help="Check, bundle, check the result, write the zip.")
@PATHS
@OUTPUT
@NO_COMMAND
@RAW
@option("--minify", is_flag=True, help="Write the scripts without blanks and with short names; needs esbuild.")
@option(
    "--report",
    metavar="FILE",
    help="Write a page that shows what is in the scripts, packages and files by bytes (bundle.html).",
)
@option(
    "--dev",
    is_flag=True,
    help="Write the zip to upload once for `widgetpack serve` (default: dist/widget-dev.zip); never a release.",
)
@option("-w", "--watch", is_flag=True, help="Build again on every save, until Ctrl+C.")
@option(
    "--poll",
    is_flag=True,
    help="With --watch: ask the disk instead of waiting for events (network drives, containers).",
)
@judging
def command(  # noqa: PLR0913  # each is an option
    paths: tuple[Path, ...],
    *,
    output: Path | None,
    no_command: bool,
    raw: bool,
    minify: bool,
    dev: bool,
    watch: bool,
    poll: bool,
    **options: Any,
) -> int:
    """Check widgets, bundle them, check the result and write each zip.

    A config with `[script] command` has the project's own build run first.
    """
    if poll and not watch:
        raise UsageError("--poll is a way to watch", "add --watch")
    if raw and minify:
        raise UsageError("--raw leaves the scripts as they are, and --minify changes them", "use one of the two")
    if options["report"] in ("", "-"):
        message = f'{spoken()["report"]}: "{options["report"]}" names no file'
        raise UsageError(message, "--report bundle.html")
    if len(paths) > 1 and (output or watch):
        named = spoken()["watch" if watch else "output"].replace("--output", "-o")
        message = f"{named} takes one widget, not {len(paths)}"
        raise UsageError(message, "run it once per widget, or set `output` in each config")

    def configure() -> Pairs:
        return _configured(paths, options, raw=raw, minify=minify)

    wrap = _loader() if dev else None
    if watch:
        _watch(configure, (output, wrap), options, poll=poll, runs_command=not no_command)
    return _build(configure, (output, wrap), options, runs_commands=not no_command)


def _watch(
    configure: Callable[[], Pairs],
    made: tuple[Path | None, Wrap | None],
    options: dict[str, Any],
    *,
    poll: bool,
    runs_command: bool,
) -> NoReturn:
    """Build on every save; ``made`` holds the zip that was named, and what wraps its files."""
    from widgetpack.archive import epoch
    from widgetpack.watch.loop import Watch
    from widgetpack.watch.zips import Zipping

    output, wrap = made
    seconds = epoch(os.environ.get("SOURCE_DATE_EPOCH"))
    _, config = configure()[0]
    target = output or _target(config, wrap)
    _refuse_reports(config, [target])
    refuse_other_files(config)
    Watch(
        lambda: configure()[0],
        Zipping(seconds, output if wrap is None else target, wrap),
        poll=poll,
        runs_command=runs_command,
        report=reporter(options, config),
        say=speaker(config),
    ).run()


def _build(
    configure: Callable[[], Pairs],
    made: tuple[Path | None, Wrap | None],
    options: dict[str, Any],
    *,
    runs_commands: bool,
) -> int:
    from widgetpack.archive import epoch
    from widgetpack.parallel import refuse_shared_outputs
    from widgetpack.pipeline import build

    output, wrap = made
    seconds = epoch(os.environ.get("SOURCE_DATE_EPOCH"))
    pairs = configure()
    refuse_bad_baselines(pairs)
    targets = [output or _target(config, wrap) for _, config in pairs]
    refuse_shared_outputs([(path, target) for (path, _), target in zip(pairs, targets, strict=True)])
    _refuse_reports(pairs[0][1], targets)
    refuse_other_files(pairs[0][1])
    code = EXIT_CLEAN
    if runs_commands and any(config.script.command for _, config in pairs):
        from widgetpack.cli.own_build import run_commands

        pairs, code = run_commands(pairs, quiet=bool(options.get("quiet")))
        if code != EXIT_CLEAN:  # the page is about all widgets of a run, or is not written
            pairs = [(path, config._replace(report="")) for path, config in pairs]
    # A dev zip is no release: its version need not rise.
    task = build if wrap is None else partial(build, since_last=False, wrap=wrap)
    tasks: list[tuple[Any, ...]] = [
        (task, path, config, seconds, output or (_target(config, wrap) if wrap else None)) for path, config in pairs
    ]
    code = max(code, run(tasks, options)) if tasks else code
    if wrap is not None and code == EXIT_CLEAN and not options.get("quiet"):
        speaker(pairs[0][1])("then: `widgetpack serve`, which prints the line that switches the loader on in a browser")
    return code


def _loader() -> Wrap:
    """Return what puts the loader into a package."""
    from widgetpack.serve.devzip import dev_files

    return dev_files


def _target(config: Config, wrap: Wrap | None) -> Path:
    """Return the zip that the config names, or the dev zip beside it."""
    if wrap is None:
        return config.base / config.output
    from widgetpack.serve.devzip import dev_target

    return dev_target(config)


def _refuse_reports(config: Config, targets: list[Path]) -> None:
    """Raise `UsageError` where a report would take the place of a zip."""
    from widgetpack.config.outputs import load_outputs, place

    reports = {place(report.file): report for report in load_outputs(config.output_format) if report.file}
    for target in targets:
        report = reports.get(place(str(target)))
        if report is not None:
            message = f"{target}: both the zip and the {report.format} report would be written there"
            raise UsageError(message, f"give the report a file of its own: {report.format}:FILE")
    rivals = [*targets, *(Path(report.file) for report in reports.values())]
    if config.report and place(config.report) in (place(str(rival)) for rival in rivals):
        message = f"{config.report}: both the page about the scripts and something else would be written there"
        raise UsageError(message, "give the page a file of its own: --report FILE")


def _configured(paths: tuple[Path, ...], options: dict[str, Any], *, raw: bool, minify: bool) -> Pairs:
    pairs = configured(paths, options, **({"bundle": False} if raw else {}))
    if not minify:
        return pairs
    said = ("minify", spoken()["minify"])
    if raw_file := next((config.file for _, config in pairs if not config.bundle), None):
        message = (
            f"{said[1]} changes the scripts, and `bundle = false` in {raw_file.as_posix()} leaves them as they are"
        )
        raise UsageError(message, "use one of the two")
    return [
        (path, config._replace(script=config.script._replace(minify=True), origins=(*config.origins, said)))
        for path, config in pairs
    ]

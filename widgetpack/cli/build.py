"""``widgetpack build``, once or on every save."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import click

from widgetpack.cli.options import OUTPUT, PATHS, RAW, configured, judging, option, refuse_bad_baselines, spoken
from widgetpack.cli.run import refuse_other_files, reporter, run, speaker
from widgetpack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from widgetpack.config.settings import Config
    from widgetpack.pipeline import Wrap


@click.command(name="build")
@PATHS
@OUTPUT
@RAW
@option("--minify", is_flag=True, help="Write scripts bundled from sources without blanks and with short names.")
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
    raw: bool,
    minify: bool,
    dev: bool,
    watch: bool,
    poll: bool,
    **options: Any,
) -> int:
    """Check widgets, bundle them, check the result and write each zip."""
    if poll and not watch:
        raise UsageError("--poll is a way to watch", "add --watch")
    if len(paths) > 1 and (output or watch):
        named = spoken()["watch" if watch else "output"].replace("--output", "-o")
        message = f"{named} takes one widget, not {len(paths)}"
        raise UsageError(message, "run it once per widget, or set `output` in each config")
    from widgetpack.archive import epoch
    from widgetpack.pipeline import build

    wrap = _loader() if dev else None
    seconds = epoch(os.environ.get("SOURCE_DATE_EPOCH"))
    if watch:

        def configure() -> tuple[Path, Config]:
            return _configured(paths, options, raw=raw, minify=minify)[0]

        _watch(configure, (seconds, output, wrap), options, poll=poll)
    from widgetpack.parallel import refuse_shared_outputs

    pairs = _configured(paths, options, raw=raw, minify=minify)
    refuse_bad_baselines(pairs)
    targets = [(path, output or _target(config, dev=dev)) for path, config in pairs]
    refuse_shared_outputs(targets)
    _refuse_reports(pairs[0][1], [target for _, target in targets])
    refuse_other_files(pairs[0][1])
    # A dev zip is no release: its version need not rise.
    task = build if wrap is None else partial(build, since_last=False, wrap=wrap)
    outputs = [to if dev else output for _, to in targets]
    tasks = zip(pairs, outputs, strict=True)
    return run([(task, path, config, seconds, to) for (path, config), to in tasks], options)


def _watch(
    configure: Callable[[], tuple[Path, Config]],
    work: tuple[int, Path | None, Wrap | None],
    options: dict[str, Any],
    *,
    poll: bool,
) -> NoReturn:
    """Build on every save; ``work`` holds the seconds of the entries, the zip that was named, and what wraps the files."""
    from widgetpack.watch.loop import Watch
    from widgetpack.watch.zips import Zipping

    _, config = configure()
    seconds, output, wrap = work
    target = output or _target(config, dev=wrap is not None)
    _refuse_reports(config, [target])
    refuse_other_files(config)
    zipping = Zipping(seconds, target if wrap is not None else output, wrap)
    Watch(configure, zipping, poll=poll, report=reporter(options, config), say=speaker(config)).run()


def _loader() -> Wrap:
    """Return what puts the loader into a package."""
    from widgetpack.serve.devzip import dev_files

    return dev_files


def _target(config: Config, *, dev: bool) -> Path:
    """Return the zip that the config names, or the dev zip beside it."""
    if not dev:
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


def _configured(
    paths: tuple[Path, ...], options: dict[str, Any], *, raw: bool, minify: bool
) -> list[tuple[Path, Config]]:
    pairs = configured(paths, options, **({"bundle": False} if raw else {}))
    if not minify:
        return pairs
    return [(path, config._replace(script=config.script._replace(minify=True))) for path, config in pairs]

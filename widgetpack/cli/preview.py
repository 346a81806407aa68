"""``widgetpack preview``: the widget in a sandbox that plays the CRM."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from widgetpack.cli.options import NO_COMMAND, configured, judging_one, option, refuse_bad_baselines, spoken
from widgetpack.cli.run import refuse_no_folder, refuse_other_files, reporter, run, speaker
from widgetpack.errors import EXIT_CLEAN, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.config.settings import Config
    from widgetpack.preview.check import Checking

_OF_CHECK = ("browser", "screenshots", "write_baseline")
_OF_PAGE = ("host", "port", "poll")


@click.command(name="preview", short_help="Show the widget in a sandbox, or check it there.")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    help="Address to listen at (default: 127.0.0.1, this machine alone).",
)
@option("--port", type=click.IntRange(1, 65_535), default=8378, help="Port to listen at (default: 8378).")
@option("--online", is_flag=True, help="Let the widget reach other servers; without it nothing leaves this machine.")
@NO_COMMAND
@option("--poll", is_flag=True, help="Ask the disk instead of waiting for events (network drives, containers).")
@option("--check", is_flag=True, help="Go through every area and language in a headless browser, report, and end.")
@option(
    "--browser",
    metavar="FILE",
    help="With --check: the program of Chromium, Chrome or Edge (default: the one that is found).",
)
@option(
    "--screenshots",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="With --check: where the pictures of the areas go (default: dist/preview).",
)
@option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --check: write all findings to FILE instead of reporting them, for --baseline FILE.",
)
@judging_one
def command(  # noqa: PLR0913  # each is an option
    path: Path,
    *,
    host: str,
    port: int,
    online: bool,
    no_command: bool,
    poll: bool,
    check: bool,
    browser: str | None,
    screenshots: Path | None,
    write_baseline: Path | None,
    **options: Any,
) -> int:
    """Show the widget in a page that plays the CRM, anew on every save, until Ctrl+C.

    No account is needed: the page has one of its own. Files preview/*.json beside the manifest or the config change that
    account and hold answers for requests; `widgetpack schema preview` describes them. With --check nobody needs to watch:
    what goes wrong in any area and language is reported as findings R01 to R22, beside those of validate.
    """
    _refuse_mixed(check=check)
    from widgetpack.toolchain.extras import require

    require("preview", "dev", "starlette", "uvicorn", "nh3")

    def configure() -> tuple[Path, Config]:
        return path, configured((path,), options)[0][1]

    if not check:
        _show(configure, options, (host, port), online=online, poll=poll, runs_command=not no_command)
    asked = _asked(browser, screenshots, online=online)
    return _check(path, asked, options, write_baseline, runs_command=not no_command)


def _show(  # noqa: PLR0913  # each is an option
    configure: Callable[[], tuple[Path, Config]],
    options: dict[str, Any],
    address: tuple[str, int],
    *,
    online: bool,
    poll: bool,
    runs_command: bool,
) -> NoReturn:
    """Take the port, then build and show."""
    from widgetpack.preview.app import Sandbox
    from widgetpack.preview.live import Preview
    from widgetpack.server.events import Events
    from widgetpack.server.run import bound, serving
    from widgetpack.toolchain.libraries import need_libraries
    from widgetpack.watch.loop import Watch

    path, config = configure()
    refuse_other_files(config)
    refuse_no_folder(path, config, runs_command=runs_command)
    say, report = speaker(config), reporter(options, config)
    sandbox = Sandbox(Events(), need_libraries(os.environ), online=online)
    with bound(*address) as place:
        work = Preview(sandbox, place.origin, say)
        watch = Watch(configure, work, poll=poll, runs_command=runs_command, report=report, say=say)
        say(f"{path.as_posix()} in the sandbox: {place.origin}, until Ctrl+C")
        with serving(sandbox.app(), place, sandbox.events):
            watch.run()


def _refuse_mixed(*, check: bool) -> None:
    """Raise `UsageError` for an option of the command line that has no use with, or without, --check."""
    idle = _OF_PAGE if check else _OF_CHECK
    named = next((said for name, said in spoken().items() if name in idle and said.startswith("--")), None)
    if named is not None:
        message = f"{named} has no use {'with' if check else 'without'} --check"
        raise UsageError(message, "leave one of them out" if check else "add --check")


def _asked(browser: str | None, screenshots: Path | None, *, online: bool) -> Checking:
    """Return what is asked of a check; what it needs is looked for before anything is built."""
    from widgetpack.toolchain.browser import find_browser
    from widgetpack.toolchain.extras import require
    from widgetpack.toolchain.libraries import need_libraries

    require("preview --check", "browser")
    from widgetpack.preview.check import Checking

    return Checking(find_browser(browser, os.environ), need_libraries(os.environ), screenshots, online=online)


def _check(
    path: Path, asked: Checking, options: dict[str, Any], write_baseline: Path | None, *, runs_command: bool
) -> int:
    """Run the check, and report on it or write what is found as a baseline."""
    from widgetpack.preview.check import check

    pairs, code = configured((path,), options), EXIT_CLEAN
    _, config = pairs[0]
    if not write_baseline:
        refuse_bad_baselines(pairs)
        refuse_other_files(config)
    if runs_command and config.script.command:
        from widgetpack.cli.own_build import run_commands

        pairs, code = run_commands(pairs, quiet=bool(options.get("quiet")))
        if not pairs:
            return code
    say = speaker(config) if not options.get("quiet") else lambda _: None
    tasks: list[tuple[Any, ...]] = [(check, path, config, asked, say)]
    if write_baseline:
        from widgetpack.cli.baseline import write_findings

        return write_findings(write_baseline, tasks, options)
    return run(tasks, options)

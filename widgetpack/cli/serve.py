"""``widgetpack serve``: the widget in a real account, live."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from widgetpack.cli.options import NO_COMMAND, configured, judging_one, option
from widgetpack.cli.run import refuse_no_folder, refuse_other_files, reporter, speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.config.settings import Config
    from widgetpack.server.certificate import Certificate


@click.command(name="serve", short_help="Show every save in a real account, live.")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@option("--host", metavar="ADDRESS", help="Address to listen at (default: 127.0.0.1, this machine alone).")
@option("--port", type=click.IntRange(1, 65_535), help="Port to listen at (default: 8377).")
@option("--https", is_flag=True, help="Answer over https, with the config's certificate or one made for this machine.")
@NO_COMMAND
@option("--poll", is_flag=True, help="Ask the disk instead of waiting for events (network drives, containers).")
@judging_one
def command(  # noqa: PLR0913  # each is an option
    path: Path,
    *,
    host: str | None,
    port: int | None,
    https: bool,
    no_command: bool,
    poll: bool,
    **options: Any,
) -> None:
    """Build on every save, and serve the widget to an account that has its dev zip, until Ctrl+C."""
    from widgetpack.toolchain.extras import require

    require("serve", "dev", "starlette", "uvicorn")
    said: dict[str, Any] = {
        name: value for name, value in {"host": host, "port": port, "https": https or None}.items() if value
    }

    def configure() -> tuple[Path, Config]:
        _, config = configured((path,), options)[0]
        return path, config._replace(serve=config.serve._replace(**said))

    _serve(configure, options, host or "", poll=poll, runs_command=not no_command)


def _serve(
    configure: Callable[[], tuple[Path, Config]], options: dict[str, Any], host: str, *, poll: bool, runs_command: bool
) -> NoReturn:
    """Take the port, then build and answer; ``host`` is what the command line says, and no config."""
    from widgetpack.serve.live import Live
    from widgetpack.server.certificate import doubt_of
    from widgetpack.server.run import bound, serving
    from widgetpack.watch.loop import Watch

    path, config = configure()
    refuse_other_files(config)
    refuse_no_folder(path, config, runs_command=runs_command)
    say = speaker(config)
    with bound(config.serve.host, config.serve.port, _certificate(config)) as place:
        live = Live(place.origin, config.serve, _greeting(place.origin, path, config, host, say))
        report = reporter(options, config)
        watch = Watch(configure, live, poll=poll, runs_command=runs_command, report=report, say=say)
        say(f"serving {path.as_posix()} at {place.origin}, until Ctrl+C")
        if place.certificate and (doubt := doubt_of(place.certificate, place.origin)):
            say(f"  {place.certificate.chain}: {doubt}")
        with serving(live.app(config.serve.origins), place, live.events):
            watch.run()


def _certificate(config: Config) -> Certificate | None:
    """Return what https needs, or nothing for http."""
    options = config.serve
    if not (options.https or options.certificate):
        return None
    from widgetpack.server.certificate import given_certificate, made_certificate
    from widgetpack.toolchain.cache import cache_folder

    if options.certificate:
        return given_certificate(options.certificate, options.key)
    cache = cache_folder(os.environ)
    return made_certificate(cache / "certificate" if cache else None, options.host)


def _greeting(origin: str, path: Path, config: Config, host: str, say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what says, once the widget's id is known, what to do in the account."""
    from widgetpack.serve.devzip import dev_target
    from widgetpack.serve.live import steps

    def greet(identifier: str) -> None:
        for line in steps(origin, path, dev_target(config), identifier, host):
            say(line)

    return greet

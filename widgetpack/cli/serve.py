"""``widgetpack serve``: the widget in a real account, live."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from widgetpack.cli.options import NO_COMMAND, configured, judging, option
from widgetpack.cli.run import refuse_other_files, reporter, speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgetpack.config.settings import Config
    from widgetpack.server.certificate import Certificate


@click.command(name="serve")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@option("--host", metavar="ADDRESS", help="Address to listen at (default: 127.0.0.1, this machine alone).")
@option("--port", type=click.IntRange(1, 65_535), help="Port to listen at (default: 8377).")
@option("--https", is_flag=True, help="Answer over https, with the config's certificate or one made for this machine.")
@NO_COMMAND
@option("--poll", is_flag=True, help="Ask the disk instead of waiting for events (network drives, containers).")
@judging
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
    from widgetpack.server.extra import require_server

    require_server("serve")
    from widgetpack.serve.live import Live
    from widgetpack.server.run import bound, serving
    from widgetpack.watch.loop import Watch

    said: dict[str, Any] = {
        name: value for name, value in {"host": host, "port": port, "https": https or None}.items() if value
    }

    def configure() -> tuple[Path, Config]:
        _, config = configured((path,), options)[0]
        return path, config._replace(serve=config.serve._replace(**said))

    _, config = configure()
    refuse_other_files(config)
    say = speaker(config)
    with bound(config.serve.host, config.serve.port, _certificate(config)) as place:
        say(f"serving {path.as_posix()} at {place.origin}, until Ctrl+C")
        live = Live(place.origin, _greeting(place.origin, path, config, say))
        with serving(live.app(config.serve.origins), place, live.events):
            Watch(
                configure,
                live,
                poll=poll,
                runs_command=not no_command,
                report=reporter(options, config),
                say=say,
            ).run()


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


def _greeting(origin: str, path: Path, config: Config, say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what says, once the widget's id is known, what to do in the account."""
    from widgetpack.serve.devzip import dev_target
    from widgetpack.serve.live import steps

    def greet(identifier: str) -> None:
        for line in steps(origin, path, dev_target(config), identifier):
            say(line)

    return greet

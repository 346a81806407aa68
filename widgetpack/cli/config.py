"""``widgetpack config``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from widgetpack.cli.options import NO_COMMAND, OUTPUT, RAW, configured, judging, spoken
from widgetpack.errors import EXIT_CLEAN
from widgetpack.exits import readable


@click.command(name="config")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@OUTPUT
@RAW
@NO_COMMAND
@judging
def command(path: Path, *, output: Path | None, raw: bool, **options: Any) -> int:
    """Print the settings for a widget, and where each comes from.

    The command line goes before the environment (WIDGETPACK_TARGET is --target), and that before the config file; a rule
    that words of two of them name follows the first, however exact the other is.
    """
    from widgetpack.config.provenance import list_settings

    said = spoken()
    ((_, config),) = configured((path,), options, **({"bundle": False} if raw else {}))
    if output is not None:
        config = config._replace(output=str(output), origins=(*config.origins, ("output", said["output"])))
    shown = {*config._fields, "output", "raw"}
    further = {name.replace("_", "-"): (options[name], origin) for name, origin in said.items() if name not in shown}
    if config.against:
        further["against"] = (config.against, said["against"])
    click.echo(readable(list_settings(config, further)), nl=False)
    return EXIT_CLEAN

"""``widgetpack doctor``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from widgetpack.cli.options import CONFIG_FILE, configured
from widgetpack.errors import EXIT_CLEAN, EXIT_TOOL


@click.command(name="doctor")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@CONFIG_FILE
def command(path: Path, *, config_file: Path | None) -> int:
    """Look at all that widgetpack stands on here.

    ok: it works; none: it is missing, and all but what is said works without it; broken: the exit code is 3.
    """
    from widgetpack.toolchain.doctor import examine

    ((_, config),) = configured((path,), {"config_file": config_file})
    code = EXIT_CLEAN
    for check in examine(config, os.environ, sys.stdout.encoding):
        click.echo(f"{check.state:<6}  {check.name:<10}  {check.words}")
        if check.state == "broken":
            code = EXIT_TOOL
    return code

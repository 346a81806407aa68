"""``widgetpack ls``."""

from __future__ import annotations

from pathlib import Path

import click

from widgetpack.cli.options import CONFIG_FILE, RAW, configured, option
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS


@click.command(name="ls")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@option("--why", is_flag=True, help="Also list what stays out, and the reason for each file.")
@CONFIG_FILE
@RAW
def command(path: Path, *, why: bool, config_file: Path | None, raw: bool) -> int:
    """List what goes into the zip, with sizes."""
    from widgetpack.listing import list_package

    ((path, config),) = configured((path,), {"config_file": config_file}, **({"bundle": False} if raw else {}))
    listing = list_package(path, config, why=why)
    click.echo(listing.text, nl=False)
    for fault in listing.faults:
        click.echo(fault, err=True)
    return EXIT_FINDINGS if listing.faults else EXIT_CLEAN

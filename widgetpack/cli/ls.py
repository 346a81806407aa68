"""``widgetpack ls``."""

from __future__ import annotations

from pathlib import Path

import click

from widgetpack.cli.options import CONFIG_FILE, RAW, configured, option
from widgetpack.errors import EXIT_CLEAN, EXIT_FINDINGS, UsageError


@click.command(name="ls")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@option("--why", is_flag=True, help="Also list what stays out, and the reason for each file.")
@option("--bundle", is_flag=True, help="List what is in the scripts instead: packages and files, by bytes.")
@CONFIG_FILE
@RAW
def command(path: Path, *, why: bool, bundle: bool, config_file: Path | None, raw: bool) -> int:
    """List what goes into the zip, with sizes."""
    if bundle and (why or raw):
        other = "--why explains what is in the zip" if why else "--raw makes none"
        message = f"--bundle lists what is in the scripts that are made, and {other}"
        raise UsageError(message, "use one of the two")
    from widgetpack.listing import list_contents, list_package

    ((path, config),) = configured((path,), {"config_file": config_file}, **({"bundle": False} if raw else {}))
    listing = list_contents(path, config) if bundle else list_package(path, config, why=why)
    click.echo(listing.text, nl=False)
    for fault in listing.faults:
        click.echo(fault, err=True)
    return EXIT_FINDINGS if listing.faults else EXIT_CLEAN

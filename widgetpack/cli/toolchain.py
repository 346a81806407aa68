"""``widgetpack toolchain``: the esbuild executable, shown, fetched, removed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from widgetpack.cli.options import CONFIG_FILE, configured, option
from widgetpack.errors import EXIT_CLEAN


@click.group(name="toolchain")
def command() -> None:
    """Show, install or remove the esbuild executable.

    TypeScript, React and npm packages need it, classic widgets only for `--minify`. Nothing is ever downloaded but by
    `widgetpack toolchain install`.
    """


@command.command(name="install")
@option("--force", is_flag=True, help="Fetch it again, though one is there that runs.")
def install_command(*, force: bool) -> int:
    """Put a pinned esbuild into widgetpack's cache, with npm.

    npm is the system's, or that of: pip install 'widgetpack[node]'. What it fetches is compared with the digests that
    widgetpack ships. WIDGETPACK_CACHE names another folder for the cache.
    """
    from widgetpack.toolchain.install import install

    done = install(os.environ, force=force)
    how = f"installed by npm ({done.client})" if done.client else "is there already (--force fetches it again)"
    click.echo(f"esbuild {done.esbuild.version} {how}: {done.esbuild.path}")
    return EXIT_CLEAN


@command.command(name="show")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@CONFIG_FILE
def show_command(path: Path, *, config_file: Path | None) -> int:
    """Print which esbuild is used, and why.

    Each place is told in the order in which it is looked at; the one with the arrow decides.
    """
    from widgetpack.toolchain.show import show

    ((_, config),) = configured((path,), {"config_file": config_file})
    shown = show(config, os.environ)
    width = max(len(where) for where, _ in shown.rows)
    for index, (where, verdict) in enumerate(shown.rows):
        click.echo(f"{'->' if index == shown.used else '  '} {where:<{width}}  {verdict}")
    if shown.fault is not None:
        raise shown.fault
    return EXIT_CLEAN


@command.command(name="remove")
def remove_command() -> int:
    """Remove every esbuild from widgetpack's cache."""
    from widgetpack.toolchain.install import remove

    folder = remove(os.environ)
    click.echo("nothing to remove" if folder is None else f"removed {folder}")
    return EXIT_CLEAN

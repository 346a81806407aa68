"""``widgetpack toolchain``: the esbuild executable and the libraries of the page, shown, fetched, removed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from widgetpack.cli.options import CONFIG_FILE, configured, option
from widgetpack.errors import EXIT_CLEAN


@click.group(name="toolchain", short_help="Install esbuild and the libraries of preview.")
def command() -> None:
    """Show, install or remove the esbuild executable and the libraries of the platform's page.

    TypeScript, React and npm packages need esbuild, classic widgets only for `--minify`; `preview` needs the libraries.
    Nothing is ever downloaded but by `widgetpack toolchain install`.
    """


@command.command(name="install", short_help="Put both into widgetpack's cache.")
@option("--force", is_flag=True, help="Fetch again what is there.")
def install_command(*, force: bool) -> int:
    """Put a pinned esbuild and the libraries of the platform's page into widgetpack's cache, with npm.

    npm is the system's, or that of: pip install 'widgetpack[node]'. What it fetches is compared with the digests that
    widgetpack ships. WIDGETPACK_CACHE names another folder for the cache.
    """
    from widgetpack.toolchain.install import install
    from widgetpack.toolchain.libraries import install_libraries, versions

    done = install(os.environ, _say, force=force)
    how = f"installed by npm ({done.client})" if done.client else "is there already (--force fetches it again)"
    click.echo(f"esbuild {done.esbuild.version} {how}: {done.esbuild.path}")
    fetched = install_libraries(os.environ, _say, force=force)
    how = f"installed by npm ({fetched.client})" if fetched.client else "are there already"
    click.echo(f"{len(versions())} libraries of the page {how}: {fetched.home}")
    return EXIT_CLEAN


@command.command(name="show", short_help="Print what is used, and why.")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@CONFIG_FILE
def show_command(path: Path, *, config_file: Path | None) -> int:
    """Print which esbuild is used, and why, and where the libraries of the page are.

    Each place is told in the order in which it is looked at; the one with the arrow decides.
    """
    from widgetpack.toolchain.libraries import find_libraries
    from widgetpack.toolchain.show import show

    ((_, config),) = configured((path,), {"config_file": config_file})
    shown = show(config, os.environ)
    width = max(len(where) for where, _ in shown.rows)
    for index, (where, verdict) in enumerate(shown.rows):
        click.echo(f"{'->' if index == shown.used else '  '} {where:<{width}}  {verdict}")
    home = find_libraries(os.environ)
    click.echo(f"libraries of the page: {home or 'none (`widgetpack toolchain install`)'}")
    if shown.fault is not None:
        raise shown.fault
    return EXIT_CLEAN


@command.command(name="remove", short_help="Remove both from the cache.")
def remove_command() -> int:
    """Remove every esbuild and the libraries of the page from widgetpack's cache."""
    from widgetpack.toolchain.install import remove
    from widgetpack.toolchain.libraries import remove_libraries

    folders = [folder for folder in (remove(os.environ), remove_libraries(os.environ)) if folder is not None]
    click.echo("\n".join(f"removed {folder}" for folder in folders) or "nothing to remove")
    return EXIT_CLEAN


def _say(line: str) -> None:
    click.echo(line, err=True)

"""``[script] command`` of the configs: what `build` runs before it reads the widgets."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from widgetpack.errors import EXIT_CLEAN
from widgetpack.exits import complain, readable

if TYPE_CHECKING:
    from pathlib import Path

    from widgetpack.config.settings import Config

    Pairs = list[tuple[Path, Config]]


def run_commands(pairs: Pairs, *, quiet: bool) -> tuple[Pairs, int]:
    """Run each command once, in the order of the widgets, and show what it prints on standard error.

    With ``quiet`` that is shown only where it fails. Returns the widgets whose command did its work, and the exit code for the others.
    """
    done: dict[tuple[str, str], int] = {}
    good, code = [], EXIT_CLEAN
    for path, config in pairs:
        key = (config.script.command, "" if config.file is None else os.path.realpath(config.file.parent))
        if config.script.command and key not in done and _is_made(path, config):
            done[key] = _run(config, quiet=quiet)
        if done.get(key, EXIT_CLEAN) == EXIT_CLEAN:
            good.append((path, config))
        code = max(code, done.get(key, EXIT_CLEAN))
    return good, code


def _is_made(path: Path, config: Config) -> bool:
    """Tell whether a widget may come of a command: a zip, or a slip of the pen, does not."""
    return path.is_dir() or os.path.realpath(path) == os.path.realpath(config.base / config.root)


def _run(config: Config, *, quiet: bool) -> int:
    from widgetpack.toolchain.command import CommandError, command_of, described, run_command

    command = command_of(config)
    if command is None:
        return EXIT_CLEAN
    if not quiet:
        click.echo(readable(f"widgetpack: runs {described(command)}"), err=True)

    def show(printed: bytes) -> None:
        sys.stderr.buffer.write(printed)
        sys.stderr.flush()

    try:
        run_command(command, os.environ, None if quiet else show)
    except CommandError as error:
        for line in error.lines if quiet else ():
            click.echo(readable(line), err=True)
        return complain(error)
    return EXIT_CLEAN

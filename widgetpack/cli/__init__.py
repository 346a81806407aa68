"""The command line: parse, call, print, exit. Only this room (with `exits`) prints, exits, or knows click.

One module per command, imported when it is called for, and everything but click inside the commands: `--version` and
`--help` cost little more than click itself.
"""

from __future__ import annotations

import gc
from importlib import import_module
from typing import NoReturn

import click

from widgetpack import __version__
from widgetpack.exits import leave

_COMMANDS = ("validate", "build", "serve", "preview", "ls", "logos", "config", "rule", "schema", "toolchain", "doctor")
"""In the order of `--help`; each is ``command`` in the module of its name."""


class _Commands(click.Group):
    """A group that imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"widgetpack.cli.{cmd_name}").command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="widgetpack", message="%(prog)s %(version)s")
def cli() -> None:
    """Check a Kommo / amoCRM widget, bundle it, and emit the zip that the platform takes.

    PATH is the widget's folder (by default the current one): the folder with manifest.json, or one that has it in
    widget/, public/ or src/. Exit codes: 0 clean, 1 findings, 2 usage or config, 3 a tool failed, 130 interrupted.

    Every option is an environment variable too: --fail-level is WIDGETPACK_FAIL_LEVEL. In that of a repeatable option, line
    breaks stand between the values where it holds one, else blanks. The command line goes before the environment, and that
    before the config file, also where their words for rules are less exact.
    """


def main() -> NoReturn:
    """Run the command line; every way out of the program ends in one of the documented exit codes."""
    gc.set_threshold(50_000)  # a run makes few circles and ends soon: the usual 700 costs a tenth of it
    leave(lambda: cli.main(prog_name="widgetpack", standalone_mode=False))

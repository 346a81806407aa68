"""``widgetpack schema``."""

from __future__ import annotations

from typing import Literal

import click

from widgetpack.errors import EXIT_CLEAN


@click.command(name="schema")
@click.argument("name", type=click.Choice(["manifest", "integration", "config"]), metavar="manifest|integration|config")
def command(name: Literal["manifest", "integration", "config"]) -> int:
    """Print a JSON Schema, for your editor."""
    from widgetpack.schema import schema_text

    click.echo(schema_text(name), nl=False)
    return EXIT_CLEAN

"""``widgetpack schema``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from widgetpack.errors import EXIT_CLEAN

if TYPE_CHECKING:
    from widgetpack.documents.schema import ShippedName

_NAMES: tuple[ShippedName, ...] = ("manifest", "integration", "config", "report", "preview")


@click.command(name="schema", short_help="Print a JSON Schema, for your editor.")
@click.argument("name", type=click.Choice(_NAMES), metavar="|".join(_NAMES))
def command(name: ShippedName) -> int:
    """Print a JSON Schema, for your editor; report describes --output-format json, preview the files of preview/."""
    from widgetpack.documents.schema import schema_text

    click.echo(schema_text(name), nl=False)
    return EXIT_CLEAN

"""``widgetpack rule``."""

from __future__ import annotations

import click

from widgetpack.errors import EXIT_CLEAN


@click.command(name="rule")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """List the rules, or explain one: what, why, fix, source."""
    from widgetpack.catalogue import explain_rule, list_rules

    click.echo(list_rules() if code is None else explain_rule(code), nl=False)
    return EXIT_CLEAN

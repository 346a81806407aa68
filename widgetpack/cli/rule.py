"""``widgetpack rule``."""

from __future__ import annotations

import click

from widgetpack.errors import EXIT_CLEAN


@click.command(name="rule", short_help="List the rules, or explain one.")
@click.argument("word", required=False, metavar="[CODE]")
def command(word: str | None) -> int:
    """List the rules, or those of a family (S), or explain one (S12, or its name): what, why, fix, source."""
    from widgetpack.catalogue import explain_rule, list_rules
    from widgetpack.rules import RULES
    from widgetpack.silence.choice import beginning

    start = "" if word is None else beginning(word.strip())
    listed = start is not None and start not in RULES
    click.echo(list_rules(start or "") if listed else explain_rule(word or ""), nl=False)
    return EXIT_CLEAN

"""Words of the command line that name rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from widgetpack.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def rules(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Split at commas, and refuse a word that names no rule."""
    words = tuple(_split(values))
    if values and not words and parameter.name == "select":
        message = "names no rule; leave it out for all rules"
        raise click.BadParameter(message)
    _refuse_unknown(words)
    return words


def severities(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Split ``S12=info`` into the word for the rules and their severity."""
    pairs = []
    for value in _split(values):
        word, sign, level = value.partition("=")
        if not (word and sign):
            message = f"{value}: not RULE=SEVERITY, as in S12=info"
            raise click.BadParameter(message)
        if level not in SEVERITIES:
            cure = "; a rule that shall be silent belongs into --ignore" if level in ("off", "none", "ignore") else ""
            message = f"{value}: {level or 'nothing'} is not a severity: error, warning or info{cure}"
            raise click.BadParameter(message)
        pairs.append((word, level))
    _refuse_unknown(word for word, _ in pairs)
    return tuple(pairs)


def _refuse_unknown(words: Iterable[str]) -> None:
    for word in words:
        # Imported here: a command without these options, as `schema`, does without the rules.
        from widgetpack.silence.choice import beginning, complaint

        if beginning(word) is None:
            raise click.BadParameter(complaint(word))


def _split(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from filter(None, (word.strip() for word in value.split(",")))

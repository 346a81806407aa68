"""Facts of a text that may hold HTML: the description of a widget or an integration."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 100_000
"""Characters that are looked at: no description may have more than 65,000."""


class Link(NamedTuple):
    """An ``<a>`` with its attributes."""

    address: str
    attributes: dict[str, str]


class Markup(NamedTuple):
    """What a text holds besides words."""

    text: str
    """The words, without tags and with the characters that ``&...;`` stands for."""
    links: tuple[Link, ...] = ()
    scripts: int = 0
    unclosed: tuple[str, ...] = ()
    """Names of the elements that are opened and never closed."""


@lru_cache(maxsize=256)
def load_markup(text: str) -> Markup:
    """Read a text as a browser would; never raises because of what it holds. Remembered: several rules ask."""
    if not re.search(r"[<&]", text):
        return Markup(text)
    from widgetpack.documents.markup_reader import Reader

    reader = Reader(text[:LONGEST])
    links = tuple(Link(address, attributes) for address, attributes in reader.links)
    return Markup("".join(reader.words), links, reader.scripts, reader.unclosed)

"""HTML of a widget's texts, made harmless: descriptions come from a package that may be anybody's."""

from __future__ import annotations

import re
from typing import Final

_TAGS: Final = frozenset(
    "a b blockquote br code div em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s small span strong sub sup table tbody td th thead tr u ul".split()  # noqa: SIM905
)
_ATTRIBUTES: Final = {"a": {"href", "title", "target"}, "img": {"src", "alt", "width", "height"}, "td": {"colspan"}}
_MACRO: Final = re.compile(r"#(/?[A-Z_]+)#")


def clean(text: str, macros: dict[str, str]) -> str:
    """Return the HTML that may be shown of ``text``, its ``#MACROS#`` filled in (docs/manifest-json).

    Scripts, styles, handlers and addresses other than http, https, mailto and tel are gone. Raises ImportError without nh3.
    """
    import nh3

    text = text.encode("utf-8", "replace").decode()  # halves of characters, which nh3 does not take
    filled = _MACRO.sub(lambda match: macros.get(match[1], match[0]), text)
    kept: str = nh3.clean(
        filled,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return kept

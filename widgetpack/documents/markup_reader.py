"""The standard parser of HTML, told what to note; a module of its own, for its import costs 4 ms."""

from __future__ import annotations

from html.parser import HTMLParser

_PAIRED = frozenset(
    # Elements whose end tag HTML does not let anybody leave out; what follows takes the look of an open one.
    ["a", "b", "i", "u", "s", "strong", "em", "span", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"]
)


class Reader(HTMLParser):
    """Notes words, links, scripts and what stays open."""

    def __init__(self) -> None:
        """Start with nothing noted."""
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[tuple[str, dict[str, str]]] = []
        self.scripts = 0
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a script, and an element that needs its end."""
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append((values["href"].strip(), values))
        self.scripts += tag == "script"
        if tag in _PAIRED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take `<b/>` for `<b>`, as every browser does."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the last open element of that name."""
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag)]

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words.append(data)

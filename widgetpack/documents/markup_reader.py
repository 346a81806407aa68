"""Tags of a text that may hold HTML, taken apart as a browser does (HTML standard, 13.2.5), in one pass.

Not by the parser of Python's library: nine kilobytes of ``<a `` keep that of 3.11.7 and of 3.13.0 busy for ten seconds.
"""

from __future__ import annotations

import re

_PAIRED = frozenset(
    # Elements whose end tag HTML does not let anybody leave out; what follows takes the look of an open one.
    ["a", "b", "i", "u", "s", "strong", "em", "span", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_RAW = frozenset(["script", "style", "textarea", "title"])
"""Elements in which nothing is a tag but their own end."""
_MARK = re.compile(r"<(?=[a-zA-Z!?/])")
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)")
_TAG_END = re.compile(r"[\s/]*+>")
# A quote that is never closed takes the rest of the text, in which no end of the tag can then be found.
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>"'][^\s>]*+)?+))?+"""
)
_IN_WORDS = re.compile(r"&(?:#\d{1,99}+|#[xX][0-9a-fA-F]{1,99}+|[a-zA-Z][a-zA-Z0-9]{1,31}+);?")
_IN_VALUE = re.compile(_IN_WORDS.pattern.removesuffix("?"))
"""An address may hold ``&copy=``, which there stands for itself. Python makes no number of more than 4,300 digits."""


class Reader:
    """Notes words, links, scripts and what stays open."""

    def __init__(self, text: str) -> None:
        """Read ``text``; a tag that never ends takes the rest of it along, as in a browser."""
        self.words: list[str] = []
        self.links: list[tuple[str, dict[str, str]]] = []
        self.scripts = 0
        self._text = text
        self._open: dict[int, str] = {}  # where each open element starts, and by name the same places
        self._places: dict[str, list[int]] = {}
        at = 0
        while at < len(text):
            found = _MARK.search(text, at)
            start = found.start() if found else len(text)
            self.words.append(_decoded(text[at:start], _IN_WORDS))
            at = self._markup(start) if found else start

    @property
    def unclosed(self) -> tuple[str, ...]:
        """Names of the elements that are still open, in the order of their tags."""
        return tuple(self._open.values())

    def _markup(self, start: int) -> int:
        """Take in what starts with a ``<``; return where it ends."""
        name = _NAME.match(self._text, start)
        if name is None:  # a comment, or what browsers take for one: `<!doctype>`, `<?xml ?>`, `</ >`
            sign, skipped = ("-->", 2) if self._text.startswith("<!--", start) else (">", 0)
            end = self._text.find(sign, start + skipped)
            return len(self._text) if end < 0 else end + len(sign)
        values, end = self._attributes(name.end())
        if end < 0:
            return len(self._text)
        tag = name[2].lower()
        if name[1]:
            if self._places.get(tag):
                del self._open[self._places[tag].pop()]
            return end
        self._start(tag, values, end)
        return self._raw(tag, end) if tag in _RAW else end

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        """Return the attributes of a tag, of equal names the first, and where the tag ends; -1 where it never does."""
        values: dict[str, str] = {}
        while not (end := _TAG_END.match(self._text, at)):
            found = _ATTRIBUTE.match(self._text, at)
            if found is None:
                return values, -1
            value = found[2] or found[3] or found[4] or ""
            values.setdefault(found[1].lower(), _decoded(value, _IN_VALUE))
            at = found.end()
        return values, end.end()

    def _start(self, tag: str, values: dict[str, str], at: int) -> None:
        """Note a link, a script, and an element that needs its end: to a browser `<b/>` is `<b>`."""
        if tag == "a" and "href" in values:
            self.links.append((values["href"].strip(), values))
        self.scripts += tag == "script"
        if tag in _PAIRED:
            self._open[at] = tag
            self._places.setdefault(tag, []).append(at)

    def _raw(self, tag: str, at: int) -> int:
        """Take in the text of an element that holds no tags; return where its end tag starts."""
        end = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(self._text, at)
        until = end.start() if end else len(self._text)
        self.words.append(self._text[at:until])
        return until


def _decoded(text: str, references: re.Pattern[str]) -> str:
    if "&" not in text:
        return text
    from html import unescape

    return references.sub(lambda match: unescape(match[0]), text)
